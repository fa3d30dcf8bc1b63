using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Jobs;
using LakehouseLab.World;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Emulations;

/// <summary>What other emulations of the lake stand in the way of a new one: rows that are taken, and topics that hold another domain.</summary>
internal sealed class StartConflicts(Lake lake, EmulatedWorld world, EmulationRegistry registry) : IDisposable
{
    private readonly TakenRows _rows = new(lake, world, registry);
    private readonly SemaphoreSlim _gate = new(1);
    private Dictionary<string, string>? _topics;

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
                _topics!.TryAdd(topic, settings.EmulationDomain);
            }

            return started;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<Problem?> FindAsync(EmulationSettings settings)
    {
        if (settings.Topic is { } topic && TopicDomains.Refuse(await TopicsAsync().ConfigureAwait(false), topic, settings.EmulationDomain) is { } refusal)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, $"topic {refusal}", new Dictionary<string, IReadOnlyList<string>> { ["topic"] = [refusal] });
        }

        return TakenRows.AreStated(settings) ? await _rows.FindAsync(settings, CancellationToken.None).ConfigureAwait(false) : null;
    }

    // While the service has the lake's records, nobody else adds to them.
    private async Task<Dictionary<string, string>> TopicsAsync()
    {
        if (_topics is null)
        {
            Dictionary<string, string> topics = await TopicDomains.ReadAsync(lake, CancellationToken.None).ConfigureAwait(false);
            foreach (EmulationRecord record in registry.All.Select(job => job.Record))
            {
                if (record.Settings.Topic is { } topic && (!record.State.IsEnded() || record.Counts.Rows > 0))
                {
                    topics.TryAdd(topic, record.Settings.EmulationDomain);
                }
            }

            _topics = topics;
        }

        return _topics;
    }
}
