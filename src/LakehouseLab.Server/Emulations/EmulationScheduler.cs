using System.Threading.Channels;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server.Emulations;

/// <summary>Gives emulations their turn, so many at once, in the order in which they were asked for, until the service stops: what runs
/// then stops at a chunk's edge and continues when the service starts again.</summary>
internal sealed partial class EmulationScheduler(
    EmulationRegistry registry, JobDatabase database, IEmulationRunner runner, LakeTasks tasks, ServiceOptions options, ILogger<EmulationScheduler> logger) : BackgroundService
{
    private static readonly Func<ILogger, Guid, string, string, IDisposable?> s_scope = LoggerMessage.DefineScope<Guid, string, string>("emulation {Emulation} of {Domain} to {Sync}");
    private static readonly TimeSpan s_keepEvery = TimeSpan.FromSeconds(5);

    private readonly Channel<QueuedEmulation> _queue = Channel.CreateUnbounded<QueuedEmulation>();
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
    public void Enqueue(EmulationJob job) => _queue.Writer.TryWrite(new QueuedEmulation(job, job.Record.Resumptions));

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Those that had begun go on first.
        foreach (EmulationJob job in registry.All.Where(job => !job.Record.State.IsEnded()).OrderBy(job => job.Record.State == JobState.Scheduled).ThenBy(job => job.Record.Number))
        {
            Interlocked.Increment(ref _queued);
            Enqueue(job);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <summary>Stops what runs. An emulation that hangs in a system that is away is left behind: it continues after the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (Running > 0)
        {
            LogLeft(Running);
        }

        await KeepAllAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.MaxRunning).Select(_ => GiveTurnsAsync(stoppingToken)).Append(KeepAsync(stoppingToken)));

    private async Task GiveTurnsAsync(CancellationToken stop)
    {
        try
        {
            await foreach ((EmulationJob job, int resumptions) in _queue.Reader.ReadAllAsync(stop).ConfigureAwait(false))
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
                    EmulationTurn turn = new(job, resumptions, registry.Ends, database, runner, options.Clock, logger, stop);
                    if (await turn.RunAsync().ConfigureAwait(false) is { } ended)
                    {
                        await TellAsync(ended).ConfigureAwait(false);
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref _running);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    /// <summary>Tells that an emulation has ended, lets the runs begin that come after it, and forgets old ones.</summary>
    public async Task TellAsync(EmulationRecord ended)
    {
        Ended?.Invoke(ended);
        tasks.Release(ended.Id);
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
    private async Task KeepAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(s_keepEvery, options.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                await KeepAllAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
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

    private readonly record struct QueuedEmulation(EmulationJob Job, int Resumptions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} emulations did not stop in time: the systems that they deliver to do not answer")]
    private partial void LogLeft(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void LogKept(string reason);
}
