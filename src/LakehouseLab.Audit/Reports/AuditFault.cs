using System.ComponentModel;
using System.Text.Json.Serialization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Failures;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit.Reports;

/// <summary>Why an audit could not go on.</summary>
/// <param name="Kind">Whose fault it is.</param>
/// <param name="Message">One line for the user.</param>
public sealed record AuditFault([property: Description("Whose fault it is.")] AuditFaultKind Kind, string Message)
{
    /// <summary>Sorts an exception.</summary>
    /// <param name="exception">What ended the audit.</param>
    /// <param name="message">One line for the user.</param>
    public static AuditFault Of(Exception exception, string message) => new(
        exception switch
        {
            InvalidRequestException or StorageLocationException => AuditFaultKind.Request,
            OperationCanceledException => AuditFaultKind.Interrupted,
            StorageException or UnreadableObjectException or LakeException or DeltaException or BrokerException => AuditFaultKind.System,
            _ => AuditFaultKind.Program,
        },
        message);
}

/// <summary>Whose fault it is that an audit could not go on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditFaultKind>))]
public enum AuditFaultKind
{
    /// <summary>What was asked for cannot be done.</summary>
    [JsonStringEnumMemberName("request")]
    Request,

    /// <summary>A system failed: a disk, a bucket, a broker.</summary>
    [JsonStringEnumMemberName("system")]
    System,

    /// <summary>This program failed.</summary>
    [JsonStringEnumMemberName("program")]
    Program,

    /// <summary>It was interrupted.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,
}
