using Google.Protobuf;
using Grpc.Core;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Failures;

/// <summary>What a failed call says of Spark's own error.</summary>
/// <param name="Message">The message, which gRPC cuts at 2,048 characters.</param>
/// <param name="Type">The exception's class; empty where it is not told.</param>
/// <param name="ErrorClass">Spark's name of the error.</param>
/// <param name="SqlState">The SQL state.</param>
/// <param name="ErrorId">By which the details are fetched; null where there are none.</param>
internal sealed record ServerError(string Message, string Type, string? ErrorClass, string? SqlState, string? ErrorId)
{
    private const string Trailer = "grpc-status-details-bin";

    /// <summary>Whether the session is another than the client began: the server restarted, or the session was closed.</summary>
    public bool IsSessionLost => ErrorClass is "INVALID_HANDLE.SESSION_CHANGED" or "INVALID_HANDLE.SESSION_CLOSED" or "INVALID_HANDLE.SESSION_NOT_FOUND";

    /// <summary>Whether another reader of the same execution took over: an earlier call of this client that had not ended on the server.</summary>
    public bool IsDisconnected => ErrorClass == "INVALID_CURSOR.DISCONNECTED";

    /// <summary>The error as the head of its chain.</summary>
    public SparkCause Cause => new(Type, Message, ErrorClass, SqlState);

    /// <summary>Reads the error of a failed call; null: Spark did not say anything, so the failure is the transport's.</summary>
    public static ServerError? Of(RpcException failure)
    {
        if (failure.Trailers.GetValueBytes(Trailer) is not { } bytes)
        {
            return null;
        }

        try
        {
            ErrorInfo? info = Wire.Status.Parser.ParseFrom(bytes).Details.Where(static detail => detail.Is(ErrorInfo.Descriptor)).Select(static detail => detail.Unpack<ErrorInfo>()).FirstOrDefault();
            return info is null ? null : new ServerError(failure.Status.Detail, info.Reason, Of(info, "errorClass"), Of(info, "sqlState"), Of(info, "errorId"));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static string? Of(ErrorInfo info, string name) => info.Metadata.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
}
