using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Failures;
using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Server.Health;

/// <summary>Looks after what the service needs, at most once a second however often it is asked.</summary>
internal sealed class Readiness(Lake lake, JobDatabase database, EmulationRegistry registry, ISinkProbe sinks, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_validity = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private HealthView? _last;
    private long _lookedAt;

    /// <summary>How everything is.</summary>
    public async Task<HealthView> LookAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_last is null || clock.GetElapsedTime(_lookedAt) > s_validity)
            {
                NeedView[] needs = await Task.WhenAll(Needs().Select(need => LookAsync(need.Name, need.Look))).ConfigureAwait(false);
                _last = new HealthView(needs.All(need => need.Ready), needs);
                _lookedAt = clock.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private IEnumerable<(string Name, Func<CancellationToken, Task> Look)> Needs()
    {
        yield return ("job database", _ => database.ProbeAsync());
        yield return ("lake", async cancellationToken => await lake.Store.FindAsync(LakeLayout.World, cancellationToken).ConfigureAwait(false));
        IEnumerable<EmulationSettings> active = registry.All.Select(job => job.Record).Where(record => record.State is JobState.Running or JobState.Waiting).Select(record => record.Settings);
        foreach (string sync in active.Select(settings => settings.EmulatorSync).Where(sync => sync != StartEmulationFields.Local).Distinct().Order(StringComparer.Ordinal))
        {
            yield return (sync, cancellationToken => sinks.LookAsync(sync, cancellationToken));
        }
    }

    private async Task<NeedView> LookAsync(string name, Func<CancellationToken, Task> look)
    {
        using CancellationTokenSource patience = new(s_patience, clock);
        try
        {
            await look(patience.Token).WaitAsync(s_patience, clock).ConfigureAwait(false);
            return new NeedView(name, true, null);
        }
        catch (Exception exception)
        {
            return new NeedView(name, false, exception is TimeoutException or OperationCanceledException ? $"does not answer within {s_patience.TotalSeconds} s" : ServiceFailure.Explain(exception));
        }
    }
}

/// <summary>Finds out whether a system is there that emulations deliver to.</summary>
internal interface ISinkProbe
{
    /// <summary>The systems that are configured, each with where.</summary>
    IReadOnlyList<string> Configured { get; }

    /// <summary>Looks whether a system is there; throws with one sentence when it is not.</summary>
    /// <param name="sync">The system, as requests name it.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    Task LookAsync(string sync, CancellationToken cancellationToken);
}
