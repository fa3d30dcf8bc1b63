using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server.Lakes;

namespace LakehouseLab.Server.Audits;

/// <summary>Audits the service's lake.</summary>
internal sealed class AuditWork(Lake lake, ServiceOptions options) : ILakeWork
{
    /// <inheritdoc/>
    public string Kind => LakeTaskRecord.Audit;

    /// <inheritdoc/>
    public async Task<(LakeTaskRecord Result, string? Failure)> RunAsync(LakeTaskRecord task, Action<string> step, CancellationToken stop)
    {
        using KafkaTopicLog? topics = KafkaConnection.Find(options.Variable) is { } connection ? new KafkaTopicLog(connection) : null;
        AuditRequest request = new()
        {
            Topics = topics,
            Emulations = task.AuditOf!.Emulation is { } emulation ? [emulation] : null,
            Layers = task.AuditOf.Layers?.Select(layer => Enum.Parse<AuditLayer>(layer, ignoreCase: true)).ToList(),
            RequiresComplete = task.AuditOf.RequireComplete,
            Threads = options.Threads,
        };
        long began = options.Clock.GetTimestamp();
        AuditReport report = await LakeAudit.RunAsync(lake, request, new StepProgress(step), stop).ConfigureAwait(false);
        return (task with { Findings = report with { Seconds = options.Clock.GetElapsedTime(began).TotalSeconds } }, null);
    }

    /// <inheritdoc/>
    public LakeTaskRecord Fail(LakeTaskRecord task, Exception exception) =>
        task with { Findings = AuditReport.Of(lake.Location, AuditFault.Of(exception, ServiceFailure.Explain(exception))) };

    private sealed class StepProgress(Action<string> step) : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) => step(value.Step);
    }
}
