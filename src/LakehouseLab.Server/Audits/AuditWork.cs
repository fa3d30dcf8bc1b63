using LakehouseLab.Audit;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.Server.Failures;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Settings;

namespace LakehouseLab.Server.Audits;

/// <summary>Audits the service's lake.</summary>
internal sealed class AuditWork(Lake lake, ServiceOptions options) : ILakeWork
{
    /// <inheritdoc/>
    public string Kind => LakeTaskRecord.Audit;

    /// <inheritdoc/>
    public async Task<LakeTaskOutcome> RunAsync(LakeTaskRecord task, Action<LakeTaskProgress> progress, CancellationToken stop)
    {
        using KafkaTopicLog? topics = KafkaConnection.Find(options.Variable) is { } connection ? new KafkaTopicLog(connection) : null;
        AuditRequest request = new(BuiltInTables.All)
        {
            Topics = topics is null ? null : new PatientTopicLog(topics, patience: null, options.Clock, reason => progress(LakeTaskProgress.Waiting(reason))),
            Emulations = task.AuditOf!.Emulation is { } emulation ? [emulation] : null,
            Layers = task.AuditOf.Layers?.Select(layer => Enum.Parse<AuditLayer>(layer, ignoreCase: true)).ToList(),
            Sample = task.AuditOf.Sample is { } sample ? UserSample.Parse(sample) : UserSample.All,
            Receipts = task.AuditOf.Expect ?? [],
            RequiresComplete = task.AuditOf.RequireComplete,
            Threads = options.Threads,
        };
        long began = options.Clock.GetTimestamp();
        AuditReport report = await LakeAudit.RunAsync(lake, request, new Told(progress), stop).ConfigureAwait(false);
        return new LakeTaskOutcome { Findings = report with { Seconds = options.Clock.GetElapsedTime(began).TotalSeconds } };
    }

    /// <inheritdoc/>
    public LakeTaskOutcome Fail(Exception exception) => new()
    {
        Findings = AuditReport.Of(lake.Location, AuditFault.Of(exception, ServiceFailure.Explain(exception))),
        Failure = ServiceFailure.Explain(exception),
    };

    /// <inheritdoc/>
    public string Describe(LakeTaskRecord ended) => ended.Findings is { } found ? AuditSummary.Of(found).ToString() : "nothing was done";

    private sealed class Told(Action<LakeTaskProgress> progress) : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) => progress(new LakeTaskProgress(value.Step, value.Done, value.Total));
    }
}
