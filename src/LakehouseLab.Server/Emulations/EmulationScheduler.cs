using System.Threading.Channels;
using LakehouseLab.Server.Jobs;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server.Emulations;

/// <summary>Gives emulations their turn, so many at once, in the order in which they were asked for, until it is stopped: what runs
/// then stops at a chunk's edge and goes on when the service is started again.</summary>
internal sealed partial class EmulationScheduler(
    EmulationRegistry registry, JobDatabase database, IEmulationRunner runner, ServiceOptions options, ILogger<EmulationScheduler> logger) : IStoppable, IDisposable
{
    private static readonly Func<ILogger, Guid, string, string, IDisposable?> s_scope = LoggerMessage.DefineScope<Guid, string, string>("emulation {Emulation} of {Domain} to {Sync}");
    private static readonly TimeSpan s_keepEvery = TimeSpan.FromSeconds(5);

    private readonly Channel<EmulationJob> _queue = Channel.CreateUnbounded<EmulationJob>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private int _queued;
    private int _running;

    /// <summary>Is told of every emulation that has ended.</summary>
    public event Action<EmulationRecord>? Ended;

    /// <summary>Emulations that wait for their turn.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Emulations that have their turn.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Takes a place in the queue.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _queued) <= options.MaxQueued)
        {
            return true;
        }

        Release();
        return false;
    }

    /// <summary>Gives a place in the queue back that no emulation has taken.</summary>
    public void Release() => Interlocked.Decrement(ref _queued);

    /// <summary>Gives an emulation's place in the queue back.</summary>
    public void Leave(EmulationJob job)
    {
        if (job.TryLeaveQueue())
        {
            Release();
        }
    }

    /// <summary>Puts an emulation that has a place in the queue there.</summary>
    public void Enqueue(EmulationJob job) => _queue.Writer.TryWrite(job);

    /// <summary>Goes on with what the database holds, and begins to give turns.</summary>
    /// <exception cref="JobStoreException">A record is damaged.</exception>
    public void Start()
    {
        foreach (StoredJob stored in database.Read(EmulationRecord.Kind))
        {
            registry.Restore(new EmulationJob(EmulationRecord.Of(stored), options.Clock));
        }

        // Those that had begun go on first.
        foreach (EmulationJob job in registry.All.Where(job => !job.Record.State.IsEnded()).OrderBy(job => job.Record.State == JobState.Scheduled).ThenBy(job => job.Record.Number))
        {
            Interlocked.Increment(ref _queued);
            Enqueue(job);
        }

        for (int i = 0; i < options.MaxRunning; i++)
        {
            _tasks.Add(Task.Run(GiveTurnsAsync));
        }

        _tasks.Add(Task.Run(KeepAsync));
    }

    /// <inheritdoc/>
    public async Task StopAsync(TimeSpan patience)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _queue.Writer.TryComplete();
        await Task.WhenAll(_tasks).WaitAsync(patience, options.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_tasks.Exists(task => !task.IsCompleted))
        {
            LogLeft(Running);
        }

        await KeepAllAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task GiveTurnsAsync()
    {
        try
        {
            await foreach (EmulationJob job in _queue.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                Leave(job);
                if (job.Record.State.IsEnded())
                {
                    continue;
                }

                Interlocked.Increment(ref _running);
                try
                {
                    EmulationSettings settings = job.Record.Settings;
                    using IDisposable? scope = s_scope(logger, job.Record.Id, settings.EmulationDomain, settings.EmulatorSync);
                    EmulationTurn turn = new(job, database, runner, options.Clock, logger, _stop.Token);
                    if (await turn.RunAsync().ConfigureAwait(false))
                    {
                        await TellAsync(job).ConfigureAwait(false);
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref _running);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    /// <summary>Tells that an emulation has ended, and forgets old ones.</summary>
    public async Task TellAsync(EmulationJob job)
    {
        Ended?.Invoke(job.Record);
        IReadOnlyList<EmulationJob> forgotten = registry.Forget(options.MaxEnded);
        if (forgotten.Count == 0)
        {
            return;
        }

        try
        {
            await database.WriteAsync([.. forgotten.Select(old => old.Record.ToStored() with { Record = null })]).ConfigureAwait(false);
        }
        catch (JobStoreException failure)
        {
            // They are forgotten again after the next start.
            LogKept(failure.Message);
        }
    }

    // How far emulations are is kept coarsely: the data itself tells exactly.
    private async Task KeepAsync()
    {
        using PeriodicTimer timer = new(s_keepEvery, options.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await KeepAllAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task KeepAllAsync()
    {
        foreach (EmulationJob job in registry.All.Where(job => !job.Record.State.IsEnded() && job.Record.Counts != job.Counts))
        {
            await job.Gate.WaitAsync().ConfigureAwait(false);
            try
            {
                EmulationRecord record = job.Record with { Counts = job.Counts };
                if (!record.State.IsEnded())
                {
                    await database.WriteAsync(record.ToStored()).ConfigureAwait(false);
                    job.Publish(record);
                }
            }
            catch (JobStoreException failure)
            {
                LogKept(failure.Message);
            }
            finally
            {
                job.Gate.Release();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} emulations do not stop: what they deliver to does not answer")]
    private partial void LogLeft(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void LogKept(string reason);
}
