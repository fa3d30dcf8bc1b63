using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Server.Lakes;

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
        using LakeLock held = lake.Lock(LakePart.Tables);
        using KafkaTopicLog? topics = KafkaConnection.Find(options.Variable) is { } connection ? new KafkaTopicLog(connection) : null;
        PipelineRequest request = new()
        {
            Source = task.Run!.Source is { } source ? Enum.Parse<RecordSource>(source, ignoreCase: true) : RecordSource.Named,
            Topics = topics is null ? null : new PatientTopicLog(topics, patience: null, options.Clock, reason => progress(LakeTaskProgress.Waiting(reason))),
            Select = task.Run!.Select,
            FullRefresh = task.Run.FullRefresh,
            Reingest = task.Run.Reingest,
            Foreign = task.Run.Foreign is { } foreign ? Enum.Parse<ForeignTreatment>(foreign, ignoreCase: true) : null,
            Threads = options.Threads,
            MemoryLimit = options.MemoryLimit,
        };
        PipelineReport report = await PipelineRun.RunAsync(lake, request, options.Clock, new Told(progress), stop).ConfigureAwait(false);
        return new LakeTaskOutcome { RunReport = report, Failure = report.Failures.Count == 0 ? null : report.Failures[0] };
    }

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
