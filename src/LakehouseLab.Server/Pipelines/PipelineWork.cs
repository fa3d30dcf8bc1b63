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
    public async Task<(LakeTaskRecord Result, string? Failure)> RunAsync(LakeTaskRecord task, Action<string> step, CancellationToken stop)
    {
        // Runs of the command line may come between the service's own.
        using LakeLock held = lake.Lock(LakePart.Tables);
        using KafkaTopicLog? topics = KafkaConnection.Find(options.Variable) is { } connection ? new KafkaTopicLog(connection) : null;
        PipelineRequest request = new()
        {
            Source = task.Run!.Source is { } source ? Enum.Parse<RecordSource>(source, ignoreCase: true) : RecordSource.Named,
            Topics = topics,
            Select = task.Run!.Select,
            FullRefresh = task.Run.FullRefresh,
            Reingest = task.Run.Reingest,
            Threads = options.Threads,
            MemoryLimit = options.MemoryLimit,
        };
        PipelineReport report = await PipelineRun.RunAsync(lake, request, options.Clock, new StepProgress(step), stop).ConfigureAwait(false);
        return (task with { RunReport = report }, report.Failures.Count == 0 ? null : report.Failures[0]);
    }

    private sealed class StepProgress(Action<string> step) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value) => step(value.Step);
    }
}
