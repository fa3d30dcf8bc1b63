using System.Collections.Concurrent;
using System.Threading.Channels;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Pipelines;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server.Lakes;

/// <summary>
/// Pipeline runs and audits of the lake: durable, one at a time in the order in which they were asked for, since a run has
/// the tables for itself and an audit wants them to stand still. What a restart interrupts is done again: it takes up
/// where the lake says.
/// </summary>
internal sealed partial class LakeTasks(JobDatabase database, IReadOnlyList<ILakeWork> works, ServiceOptions options, ILogger<LakeTasks> logger) : IStoppable, IDisposable
{
    private const int MaxQueued = 100;

    private static readonly Func<ILogger, string, Guid, IDisposable?> s_scope = LoggerMessage.DefineScope<string, Guid>("{Kind} {Task}");

    private readonly ConcurrentDictionary<Guid, LakeTask> _byId = new();
    private readonly Channel<LakeTask> _queue = Channel.CreateUnbounded<LakeTask>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, long> _lastNumber = [];
    private readonly Lock _lock = new();
    private Task _worker = Task.CompletedTask;

    /// <summary>Tasks that have not ended.</summary>
    public int Unfinished => _byId.Values.Count(task => !task.Record.State.IsEnded());

    /// <summary>Finds a task of a kind; null when there is none.</summary>
    public LakeTask? Find(string kind, Guid id) => _byId.GetValueOrDefault(id) is { } task && task.Record.Kind == kind ? task : null;

    /// <summary>The newest tasks of a kind.</summary>
    public IReadOnlyList<LakeTask> Page(string kind, JobState? state, long before, int limit) =>
    [
        .. _byId.Values.Where(task => task.Record.Kind == kind && task.Record.Number < before && (state is null || task.Record.State == state))
            .OrderByDescending(task => task.Record.Number).Take(limit),
    ];

    /// <summary>Makes a pipeline run that comes after an emulation. It is not durable yet.</summary>
    public LakeTask PrepareRun(Guid after) => new(Make(LakeTaskRecord.PipelineRun) with { After = after, Run = PipelineRunSettings.Default });

    /// <summary>Makes a task of a kind. It is not durable yet.</summary>
    public LakeTaskRecord Make(string kind)
    {
        lock (_lock)
        {
            _lastNumber[kind] = _lastNumber.GetValueOrDefault(kind) + 1;
            return new LakeTaskRecord { Kind = kind, Number = _lastNumber[kind], Id = JobId.New(options.Clock), State = JobState.Scheduled, CreatedAt = options.Clock.Now() };
        }
    }

    /// <summary>Starts a task.</summary>
    /// <returns>It; null when too many wait already.</returns>
    /// <exception cref="JobStoreException">It cannot be made durable, and is not started.</exception>
    public async Task<LakeTask?> StartAsync(LakeTaskRecord record)
    {
        if (Unfinished >= MaxQueued)
        {
            return null;
        }

        await database.WriteAsync(record.ToStored()).ConfigureAwait(false);
        LakeTask task = new(record);
        Add(task, ready: true);
        return task;
    }

    /// <summary>Adds a task that is durable.</summary>
    /// <param name="task">The task.</param>
    /// <param name="ready">Whether it need not wait for its emulation.</param>
    public void Add(LakeTask task, bool ready)
    {
        _byId[task.Record.Id] = task;
        if (ready)
        {
            _queue.Writer.TryWrite(task);
        }
    }

    /// <summary>Lets the tasks begin that come after an emulation.</summary>
    public void Release(Guid emulation)
    {
        foreach (LakeTask task in _byId.Values.Where(task => task.Record.After == emulation && task.Record.State == JobState.Scheduled))
        {
            _queue.Writer.TryWrite(task);
        }
    }

    /// <summary>Goes on with what the database holds.</summary>
    /// <param name="isRunning">Whether an emulation has not ended yet.</param>
    /// <exception cref="JobStoreException">A record is damaged.</exception>
    public void Start(Func<Guid, bool> isRunning)
    {
        foreach (LakeTaskRecord record in works.SelectMany(work => database.Read(work.Kind)).Select(LakeTaskRecord.Of).OrderBy(record => record.CreatedAt))
        {
            _lastNumber[record.Kind] = Math.Max(record.Number, _lastNumber.GetValueOrDefault(record.Kind));
            Add(new LakeTask(record), ready: !record.State.IsEnded() && !(record.After is { } emulation && isRunning(emulation)));
        }

        _worker = Task.Run(WorkAsync);
    }

    /// <inheritdoc/>
    public async Task StopAsync(TimeSpan patience)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _worker.WaitAsync(patience, options.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task WorkAsync()
    {
        try
        {
            await foreach (LakeTask task in _queue.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                // One that was released twice has been done.
                if (!task.Record.State.IsEnded())
                {
                    using IDisposable? scope = s_scope(logger, task.Record.Kind, task.Record.Id);
                    await RunAsync(task).ConfigureAwait(false);
                    await ForgetAsync(task.Record.Kind).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task RunAsync(LakeTask task)
    {
        await ChangeAsync(task, task.Record.Begin(options.Clock.Now())).ConfigureAwait(false);
        LogBegins(task.Record.Kind);
        ILakeWork work = works.First(work => work.Kind == task.Record.Kind);
        LakeTaskRecord ended;
        try
        {
            (LakeTaskRecord result, string? failure) = await work.RunAsync(task.Record, step => task.Step = step, _stop.Token).ConfigureAwait(false);
            ended = result.End(failure is null ? JobState.Completed : JobState.Failed, options.Clock.Now(), failure);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            LogFailed(exception, exception.Message);
            ended = work.Fail(task.Record, exception).End(JobState.Failed, options.Clock.Now(), ServiceFailure.Explain(exception));
        }

        await ChangeAsync(task, ended).ConfigureAwait(false);
        task.Step = null;
        LogEnded(ended.Kind, ended.State);
    }

    private async Task ChangeAsync(LakeTask task, LakeTaskRecord record)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await database.WriteAsync(record.ToStored()).ConfigureAwait(false);
                task.Publish(record);
                return;
            }
            catch (JobStoreException failure)
            {
                LogFailed(failure, failure.Message);
            }

            await Task.Delay(Backoff.Of(attempt), options.Clock, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task ForgetAsync(string kind)
    {
        List<LakeTask> old = [.. _byId.Values.Where(task => task.Record.Kind == kind && task.Record.State.IsEnded()).OrderByDescending(task => task.Record.Number).Skip(options.MaxEnded)];
        old.ForEach(task => _byId.TryRemove(task.Record.Id, out _));
        if (old.Count > 0)
        {
            try
            {
                await database.WriteAsync([.. old.Select(task => task.Record.ToStored() with { Record = null })]).ConfigureAwait(false);
            }
            catch (JobStoreException failure)
            {
                // They are forgotten again after the next start.
                LogFailed(failure, failure.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the {Kind} begins")]
    private partial void LogBegins(string kind);

    [LoggerMessage(Level = LogLevel.Information, Message = "the {Kind} is {State}")]
    private partial void LogEnded(string kind, JobState state);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
