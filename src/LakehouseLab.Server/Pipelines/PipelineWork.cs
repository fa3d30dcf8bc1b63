using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Settings;

namespace LakehouseLab.Server.Pipelines;

/// <summary>Runs the pipeline of the service's lake.</summary>
internal sealed class PipelineWork(Lake lake, ServiceOptions options) : ILakeWork
{
    /// <inheritdoc/>
    public string Kind => LakeTaskRecord.PipelineRun;

    /// <inheritdoc/>
    public async Task<LakeTaskOutcome> RunAsync(LakeTaskRecord task, Action<LakeTaskProgress> progress, CancellationToken stop)
    {
        // Runs of the command line may come between the service's own.
        using LakeLock held = await lake.LockAsync(LakePart.Tables, stop).ConfigureAwait(false);
        using KafkaTopicLog? topics = KafkaConnection.Find(options.Variable) is { } connection ? new KafkaTopicLog(connection) : null;
        PipelineRequest request = new()
        {
            Catalog = options.LoadModels(),
            Source = task.Run!.Source is { } source ? Enum.Parse<RecordSource>(source, ignoreCase: true) : RecordSource.Named,
            Topics = topics is null ? null : new PatientTopicLog(topics, patience: null, options.Clock, reason => progress(LakeTaskProgress.Waiting(reason))),
            Select = task.Run!.Select,
            FullRefresh = task.Run.FullRefresh,
            Reingest = task.Run.Reingest,
            Foreign = task.Run.Foreign is { } foreign ? Enum.Parse<ForeignTreatment>(foreign, ignoreCase: true) : null,
            Threads = options.Threads,
            MemoryLimit = options.MemoryLimit,
            Spark = task.Run.Engine == "spark" ? options.Spark ?? throw new ModelException("this service has no Spark server any more: start it with --remote") : null,
        };
        PipelineReport report = await PipelineRun.RunAsync(lake, request, options.Clock, new Told(progress), stop).ConfigureAwait(false);
        return new LakeTaskOutcome { RunReport = report, Failure = report.Failures.Count == 0 ? null : report.Failures[0] };
    }

    /// <inheritdoc/>
    public string Describe(LakeTaskRecord ended) => ended.RunReport is { } report
        ? FormattableString.Invariant($"{report.Bronze.Sum(bronze => bronze.Records)} records ingested, {report.Models.Sum(model => model.Quarantined)} quarantined, in {report.Seconds:0.0} s")
        : "nothing was done";

    private sealed class Told(Action<LakeTaskProgress> progress) : IProgress<PipelineProgress>
    {
        private readonly Lock _lock = new();
        private LakeTaskProgress? _last;

        public void Report(PipelineProgress value)
        {
            lock (_lock)
            {
                _last = LakeTaskProgress.After(_last, value);
                progress(_last);
            }
        }
    }
}
