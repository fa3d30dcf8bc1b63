using System.Net;
using System.Net.Http;
using System.Security.Authentication;
using Grpc.Core;

namespace LakehouseLab.SparkConnect.Failures;

/// <summary>Judges calls that failed before Spark answered.</summary>
internal static class TransportFailure
{
    /// <summary>The failure that no repetition mends; null: it may succeed later.</summary>
    /// <param name="failure">The call's failure.</param>
    /// <param name="server">Which server, for the message.</param>
    public static SparkException? Permanent(RpcException failure, string server) => failure.StatusCode switch
    {
        _ when Certificate(failure) is { } cause => new SparkAccessException($"{server}: its certificate is not accepted: {cause} Renew it, or add its issuer to the certificates that this machine trusts.", failure),
        StatusCode.Unauthenticated => new SparkAccessException($"{server} refused the client: {Words(failure)}; give a valid token in the connection string (;token=…).", failure),
        StatusCode.PermissionDenied => new SparkAccessException($"{server} does not permit this: {Words(failure)}; use a token with the permission, or ask for it.", failure),
        StatusCode.Unimplemented => new SparkProtocolException($"{server} answers, but not as Spark Connect: {Words(failure)}; check the address, and that the server is Spark Connect 4.0 or newer.", failure),
        StatusCode.ResourceExhausted when IsSize(failure) => new SparkProtocolException($"a message to or from {server} is over the size limit: {Words(failure)}; raise the limit (;grpc_max_message_size=… for what comes, spark.connect.grpc.maxInboundMessageSize on the server).", failure),
        StatusCode.Unknown or StatusCode.Internal when Refused(failure) => new SparkProtocolException($"{server} refused a message: {Words(failure)}; check the proxy before it (nginx: client_max_body_size 0).", failure),
        _ => null,
    };

    /// <summary>What was wrong, on one line.</summary>
    public static string Words(RpcException failure)
    {
        // The innermost failure of the connection says it plainly: "Connection refused".
        Exception? cause = failure.Status.DebugException;
        while (cause?.InnerException is { } inner)
        {
            cause = inner;
        }

        string words = cause is null || failure.StatusCode is not (StatusCode.Unavailable or StatusCode.Internal) ? failure.Status.Detail : cause.Message;
        words = words.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return words.Length == 0 ? failure.StatusCode.ToString() : words;
    }

    private static bool IsSize(RpcException failure) =>
        failure.Status.Detail.Contains("exceed", StringComparison.OrdinalIgnoreCase) && failure.Status.Detail.Contains("maximum", StringComparison.OrdinalIgnoreCase);

    private static bool Refused(RpcException failure) =>
        failure.Status.Detail.Contains("HTTP status code: 4", StringComparison.Ordinal) || failure.Status.DebugException is HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError };

    // Also the peer that speaks no TLS fails the handshake, but by an IOException.
    private static string? Certificate(RpcException failure)
    {
        for (Exception? cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return cause.Message.ReplaceLineEndings(" ");
            }
        }

        return null;
    }
}
