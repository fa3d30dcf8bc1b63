using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Settings;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server.Lakes;

/// <summary>
/// Pipeline runs and audits of the lake: durable, one at a time in the order in which they were asked for, since a run has
/// the tables for itself and an audit wants them to stand still. What a restart interrupts is run again: it continues
/// where the lake's own records end.
/// </summary>
internal sealed partial class LakeTasks(
    JobDatabase database, IEnumerable<ILakeWork> works, IEmulationStates emulations, ServiceOptions options, ILogger<LakeTasks> logger) : BackgroundService
{
    private const int MaxQueued = 100;

    private static readonly Func<ILogger, string, Guid, IDisposable?> s_scope = LoggerMessage.DefineScope<string, Guid>("{Kind} {Task}");

    private readonly ConcurrentDictionary<Guid, LakeTask> _byId = new();
    private readonly Dictionary<string, ILakeWork> _works = works.ToDictionary(work => work.Kind);
    private readonly Dictionary<string, IdempotentStarts<LakeTask>> _keys = works.ToDictionary(work => work.Kind, _ => new IdempotentStarts<LakeTask>(static task => task.Record.BodyHash));
    private readonly Channel<LakeTask> _queue = Channel.CreateUnbounded<LakeTask>();
    private readonly Dictionary<string, long> _lastNumber = [];
    private readonly Lock _lock = new();

    /// <summary>Is told of every task that has ended.</summary>
    public event Action<LakeTaskRecord>? Ended;

    /// <summary>Source of traces: one activity for each run or audit.</summary>
    public static ActivitySource Activities { get; } = new("LakehouseLab.Server");

    /// <summary>The records of all tasks, in no order.</summary>
    public IEnumerable<LakeTaskRecord> Records => _byId.Values.Select(task => task.Record);

    /// <summary>Tasks that have not ended.</summary>
    public int Unfinished => _byId.Values.Count(task => !task.Record.State.IsEnded());

    /// <summary>Finds a task of a kind.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="id">What a request says is its id.</param>
    /// <returns>The task; null when there is none.</returns>
    public LakeTask? Find(string kind, string id) => Guid.TryParseExact(id, "D", out Guid parsed) && _byId.GetValueOrDefault(parsed) is { } task && task.Record.Kind == kind ? task : null;

    /// <summary>A page of the tasks of a kind, newest first, and the cursor of the next page.</summary>
    public (IEnumerable<LakeTask> Tasks, string? Next) Page(string kind, JobPage page) => page.Split(
        [
            .. _byId.Values.Where(task => task.Record.Kind == kind && task.Record.Number < page.Before && (page.State is null || task.Record.State == page.State))
                .OrderByDescending(task => task.Record.Number).Take(page.Limit + 1),
        ],
        task => task.Record.Number);

    /// <summary>Makes a pipeline run that comes after an emulation. It is not durable yet.</summary>
    public LakeTask PrepareRun(Guid after) => new(Make(LakeTaskRecord.PipelineRun) with { After = after, Run = PipelineRunSettings.Default });

    /// <summary>Starts a task, or finds the one that was started under the same key.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">The key; null when there is none.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="settle">Adds what is asked for, or says what is wrong with it; not asked for one that was started before.</param>
    /// <returns>The task, or the problem; neither when too many wait already.</returns>
    /// <exception cref="JobStoreException">It cannot be made durable, and is not started.</exception>
    public Task<Started<LakeTask>> StartAsync(string kind, string? key, ReadOnlyMemory<byte> body, Func<LakeTaskRecord, Task<(LakeTaskRecord? Record, ProblemDetails? Problem)>> settle) => key is null
        ? StartAsync(Make(kind), settle)
        : _keys[kind].StartAsync(key, body, hash => StartAsync(Make(kind) with { IdempotencyKey = key, BodyHash = hash }, settle));

    /// <summary>Cancels a task.</summary>
    /// <returns>The problem; null when it is cancelled or will be.</returns>
    /// <exception cref="JobStoreException">That cannot be made durable, and is not done.</exception>
    public async Task<ProblemDetails?> CancelAsync(LakeTask task)
    {
        await task.Gate.WaitAsync().ConfigureAwait(false);
        LakeTaskRecord record = task.Record;
        try
        {
            if (record.State is JobState.Completed or JobState.Failed)
            {
                return Problem.Of(409, $"{record.Kind.Replace('_', ' ')} {record.Id} is {record.State.ToString().ToLowerInvariant()}: it can no longer be cancelled");
            }

            if (record.CancelAsked)
            {
                return null;
            }

            LakeTaskRecord asked = record with { CancelAsked = true };
            asked = record.State == JobState.Scheduled ? asked.End(JobState.Cancelled, options.Clock.Now(), null) : asked;
            await database.WriteAsync(asked.ToStored()).ConfigureAwait(false);
            task.Publish(asked);
        }
        finally
        {
            task.Gate.Release();
        }

        if (record.State == JobState.Scheduled)
        {
            await TellEndAsync(task.Record).ConfigureAwait(false);
        }

        return null;
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

    /// <summary>Continues with what the database holds.</summary>
    /// <exception cref="JobStoreException">A record is damaged.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (LakeTaskRecord record in _works.Keys.SelectMany(database.Read).Select(LakeTaskRecord.Of).OrderBy(record => record.CreatedAt))
        {
            _lastNumber[record.Kind] = Math.Max(record.Number, _lastNumber.GetValueOrDefault(record.Kind));
            LakeTask task = new(record);
            if (record.IdempotencyKey is { } key)
            {
                _keys[record.Kind].Restore(key, task);
            }

            Add(task, ready: !record.State.IsEnded() && !(record.After is { } emulation && emulations.IsUnfinished(emulation)));
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (LakeTask task in _queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                // What is queued when the service stops keeps its place.
                stoppingToken.ThrowIfCancellationRequested();

                // One that was released twice has been done.
                if (!task.Record.State.IsEnded())
                {
                    using IDisposable? scope = s_scope(logger, task.Record.Kind, task.Record.Id);
                    await RunAsync(task, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private LakeTaskRecord Make(string kind)
    {
        lock (_lock)
        {
            _lastNumber[kind] = _lastNumber.GetValueOrDefault(kind) + 1;
            return new LakeTaskRecord
            {
                Kind = kind,
                Number = _lastNumber[kind],
                Id = JobId.New(options.Clock),
                State = JobState.Scheduled,
                CreatedAt = options.Clock.Now(),
                RequestTrace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } request ? request.Id : null,
            };
        }
    }

    private async Task<Started<LakeTask>> StartAsync(LakeTaskRecord record, Func<LakeTaskRecord, Task<(LakeTaskRecord? Record, ProblemDetails? Problem)>> settle)
    {
        (LakeTaskRecord? settled, ProblemDetails? problem) = await settle(record).ConfigureAwait(false);
        if (settled is null || Unfinished >= MaxQueued)
        {
            return new Started<LakeTask>(null, problem);
        }

        await database.WriteAsync(settled.ToStored()).ConfigureAwait(false);
        LakeTask task = new(settled);
        Add(task, ready: true);
        return new Started<LakeTask>(task, null);
    }

    private async Task RunAsync(LakeTask task, CancellationToken stop)
    {
        await ChangeAsync(task, record => record.State.IsEnded() ? null : record.Begin(options.Clock.Now()), stop).ConfigureAwait(false);
        if (task.Record.State.IsEnded())
        {
            return;
        }

        ActivityLink[]? links = task.Record.RequestTrace is { } trace && ActivityContext.TryParse(trace, null, out ActivityContext request) ? [new ActivityLink(request)] : null;
        using Activity? activity = Activities.StartActivity(ActivityKind.Internal, links: links, name: task.Record.Kind.Replace('_', ' '));
        activity?.SetTag("lakelab.task", task.Record.Id);
        LogBegins(task.Record.Kind);
        LakeTaskOutcome? outcome = await TryAsync(task, stop).ConfigureAwait(false);
        await ChangeAsync(task, record => outcome is null ? record.End(JobState.Cancelled, options.Clock.Now(), null) : record.End(outcome, options.Clock.Now()), stop).ConfigureAwait(false);
        task.Progress = null;
        LakeTaskRecord ended = task.Record;
        activity?.SetTag("lakelab.state", ended.State.ToString().ToLowerInvariant());
        activity?.SetStatus(ended.State == JobState.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset, ended.Reason);
        await TellEndAsync(ended).ConfigureAwait(false);
    }

    // What came of it; null when it was cancelled.
    private async Task<LakeTaskOutcome?> TryAsync(LakeTask task, CancellationToken stop)
    {
        ILakeWork work = _works[task.Record.Kind];
        using CancellationTokenSource halt = CancellationTokenSource.CreateLinkedTokenSource(stop, task.Cancellation);
        try
        {
            halt.Token.ThrowIfCancellationRequested();
            return await work.RunAsync(task.Record, progress => task.Progress = progress, halt.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (task.Cancellation.IsCancellationRequested)
        {
            // Whoever cancels it does not care why it could not end in order.
            LogCancelled(exception.Message);
            return null;
        }
        catch (Exception exception)
        {
            LogFailed(exception, exception.Message);
            return work.Fail(exception);
        }
    }

    private async Task TellEndAsync(LakeTaskRecord ended)
    {
        string result = ended.Reason ?? _works[ended.Kind].Describe(ended);
        LogEnded(ended.Kind, ended.State, result);
        Ended?.Invoke(ended);
        await ForgetAsync(ended.Kind).ConfigureAwait(false);
    }

    // A change that cannot be written down is tried again until it can: the database may be out of room for a while.
    private async Task ChangeAsync(LakeTask task, Func<LakeTaskRecord, LakeTaskRecord?> change, CancellationToken stop)
    {
        for (int attempt = 0; ; attempt++)
        {
            await task.Gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                if (change(task.Record) is { } changed)
                {
                    await database.WriteAsync(changed.ToStored()).ConfigureAwait(false);
                    task.Publish(changed);
                }

                return;
            }
            catch (JobStoreException failure)
            {
                LogFailed(failure, failure.Message);
            }
            finally
            {
                task.Gate.Release();
            }

            await Task.Delay(Backoff.Of(attempt), options.Clock, stop).ConfigureAwait(false);
        }
    }

    private async Task ForgetAsync(string kind)
    {
        List<LakeTask> old = [.. _byId.Values.Where(task => task.Record.Kind == kind && task.Record.State.IsEnded()).OrderByDescending(task => task.Record.Number).Skip(options.MaxEnded)];
        foreach (LakeTaskRecord record in old.Select(task => task.Record))
        {
            _byId.TryRemove(record.Id, out _);
            if (record.IdempotencyKey is { } key)
            {
                _keys[kind].Forget(key);
            }
        }

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

    [LoggerMessage(Level = LogLevel.Information, Message = "the {Kind} started")]
    private partial void LogBegins(string kind);

    [LoggerMessage(Level = LogLevel.Information, Message = "the {Kind} is {State}: {Result}")]
    private partial void LogEnded(string kind, JobState state, string result);

    [LoggerMessage(Level = LogLevel.Information, Message = "cancelled: {Reason}")]
    private partial void LogCancelled(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
