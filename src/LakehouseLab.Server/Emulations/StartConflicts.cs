using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Problems;
using LakehouseLab.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Emulations;

/// <summary>What other emulations of the lake stand in the way of a new one: rows that are taken, and topics that hold another domain.</summary>
internal sealed class StartConflicts(Lake lake, EmulatedWorld world, EmulationRegistry registry) : IDisposable
{
    private readonly TakenRows _rows = new(lake, world, registry);
    private readonly SemaphoreSlim _gate = new(1);
    private TopicDomains? _topics;

    /// <summary>Makes an emulation, unless another stands in its way. One at a time where that could happen, so that of two in each
    /// other's way one is made.</summary>
    /// <param name="settings">What it is to do.</param>
    /// <param name="make">Makes it.</param>
    public async Task<Started<EmulationJob>> GuardAsync(EmulationSettings settings, Func<Task<Started<EmulationJob>>> make)
    {
        if (!TakenRows.AreStated(settings) && settings.Topic is null)
        {
            return await make().ConfigureAwait(false);
        }

        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (await FindAsync(settings).ConfigureAwait(false) is { } problem)
            {
                return new Started<EmulationJob>(null, problem);
            }

            Started<EmulationJob> started = await make().ConfigureAwait(false);
            if (started.Job is not null && settings.Topic is { } topic)
            {
                _topics!.Add(topic, settings.EmulationDomain);
            }

            return started;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets an emulation go on after its end, unless another stands in its way.</summary>
    /// <param name="ended">The emulation, which was cancelled or failed.</param>
    /// <returns>The problem; null when it can go on.</returns>
    public async Task<ProblemDetails?> ReopenAsync(EmulationRecord ended)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (await FindTopicRefusalAsync(ended.Settings).ConfigureAwait(false) is { } refusal)
            {
                return Problem.Of(StatusCodes.Status409Conflict, $"topic {refusal}");
            }

            if (await FindTakenAsync(ended).ConfigureAwait(false) is { } taken)
            {
                return taken;
            }

            await Emulator.ReopenAsync(ended.Id, lake, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (EmulationInUseException inUse)
        {
            return Problem.Of(StatusCodes.Status409Conflict, inUse.Message);
        }
        catch (RowsTakenException refusal)
        {
            // Another process claimed them in between.
            return await FindTakenAsync(ended).ConfigureAwait(false) ?? Problem.Of(StatusCodes.Status409Conflict, refusal.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // One that has delivered nothing begins anew, with the rows that it states or with the next ones.
    private async Task<ProblemDetails?> FindTakenAsync(EmulationRecord ended) =>
        await Emulator.FindRestAsync(ended.Id, lake, CancellationToken.None).ConfigureAwait(false) is { } rest
            ? (rest.Rows > 0 ? await _rows.FindAsync(rest, ended.Settings, ended.Id, CancellationToken.None).ConfigureAwait(false) : null)
            : (TakenRows.AreStated(ended.Settings) ? await _rows.FindAsync(ended.Settings, ended.Id, CancellationToken.None).ConfigureAwait(false) : null);

    private async Task<string?> FindTopicRefusalAsync(EmulationSettings settings) =>
        settings.Topic is { } topic ? await Topics().FindRefusalAsync(topic, settings.EmulationDomain, CancellationToken.None).ConfigureAwait(false) : null;

    private async Task<ProblemDetails?> FindAsync(EmulationSettings settings)
    {
        if (await FindTopicRefusalAsync(settings).ConfigureAwait(false) is { } refusal)
        {
            return Problem.Of($"topic {refusal}", new Dictionary<string, string[]> { ["topic"] = [refusal] });
        }

        return TakenRows.AreStated(settings) ? await _rows.FindAsync(settings, null, CancellationToken.None).ConfigureAwait(false) : null;
    }

    // Some of the service's emulations have not written a manifest yet.
    private TopicDomains Topics()
    {
        if (_topics is null)
        {
            _topics = new TopicDomains(lake);
            foreach (EmulationRecord record in registry.All.Select(job => job.Record))
            {
                if (record.Settings.Topic is { } topic && (!record.State.IsEnded() || record.Counts.Rows > 0))
                {
                    _topics.Add(topic, record.Settings.EmulationDomain);
                }
            }
        }

        return _topics;
    }
}
