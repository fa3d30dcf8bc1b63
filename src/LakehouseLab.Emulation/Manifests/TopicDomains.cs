using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Manifests;

/// <summary>Which domain each topic of a lake holds. It is one: a table ingests all of its topic. Manifests that were read are kept, since
/// what they say of topics never changes. Not thread-safe.</summary>
/// <param name="lake">The lake.</param>
public sealed class TopicDomains(Lake lake)
{
    private readonly ManifestStore _manifests = new(lake.Store);
    private readonly HashSet<Guid> _read = [];
    private readonly Dictionary<string, string> _domains = new(StringComparer.Ordinal);

    /// <summary>Adds what will be delivered to a topic, unless the topic is known already.</summary>
    public void Add(string topic, string domain) => _domains.TryAdd(topic, domain);

    /// <summary>Says why a domain may not be delivered to a topic; null when it may.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public async Task<string?> FindRefusalAsync(string topic, string domain, CancellationToken cancellationToken)
    {
        await ReadNewAsync(cancellationToken).ConfigureAwait(false);
        return _domains.TryGetValue(topic, out string? other) && other != domain
            ? $"'{topic}' holds {other} records of this lake: a topic holds one domain, so deliver {domain} records to another topic"
            : null;
    }

    /// <summary>Refuses to deliver a domain to a topic of the lake that holds another one.</summary>
    /// <exception cref="InvalidRequestException">It does.</exception>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public static async Task RefuseOtherAsync(Lake lake, IEnumerable<(string Topic, string Domain)> deliveries, CancellationToken cancellationToken)
    {
        TopicDomains domains = new(lake);
        foreach ((string topic, string domain) in deliveries)
        {
            if (await domains.FindRefusalAsync(topic, domain, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                throw new InvalidRequestException($"topic {refusal}");
            }
        }
    }

    // Programs on this machine and others begin emulations at any time.
    private async Task ReadNewAsync(CancellationToken cancellationToken)
    {
        ManifestFolder folder = await ManifestFolder.ListAsync(lake.Store, cancellationToken).ConfigureAwait(false);
        foreach (Manifest manifest in await _manifests.ReadAsync(folder.Emulations.Where(emulation => !_read.Contains(emulation)), cancellationToken).ConfigureAwait(false))
        {
            _read.Add(manifest.Id);
            if (manifest is { Sync: SyncSystem.Kafka, Location: { } topic })
            {
                Add(topic, manifest.Domain);
            }
        }
    }
}
