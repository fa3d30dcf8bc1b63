using LakehouseLab.Audit.Reports;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Storage.Failures;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Time;

namespace LakehouseLab.Cli.Shell;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Done, with findings: an audit or an expectation failed.</summary>
    public const int HasFindings = 1;

    /// <summary>The request is wrong.</summary>
    public const int WrongRequest = 2;

    /// <summary>A system failed: the disk, a damaged table, this program.</summary>
    public const int SystemFailed = 3;

    /// <summary>Interrupted; what was finished is valid.</summary>
    public const int Interrupted = 130;

    /// <summary>The code for what an audit found.</summary>
    public static int Of(AuditReport report) => report switch
    {
        { IsClean: true } => Done,
        { Fault.Kind: AuditFaultKind.Request } => WrongRequest,
        { Fault: not null } => SystemFailed,
        _ => HasFindings,
    };

    /// <summary>The code and the one line for an exception that ended a command.</summary>
    public static (int Code, string Line) Of(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [Exception only] } => Of(only),
        InterruptedException => (Interrupted, exception.Message),
        OperationCanceledException => (Interrupted, "interrupted: what was finished is valid, and the same command goes on from there"),
        InvalidRequestException or WorldEndException or StorageLocationException => (WrongRequest, exception.Message),
        StorageException or UnreadableObjectException or LakeException or DeltaException or ModelException or BrokerException => (SystemFailed, exception.Message),
        OutOfMemoryException => (SystemFailed, "out of memory: use fewer --threads or close other programs"),
        _ => (SystemFailed, $"a fault of this program, {exception.GetType().Name}: {exception.Message} Run it again with {Surroundings.DebugVariable}=1 and report what it prints"),
    };
}
