using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Manifests;

/// <summary>Which domain each topic of a lake holds. It is one: a table takes in all of its topic.</summary>
public static class TopicDomains
{
    /// <summary>The domains of the topics that a lake's emulations deliver to.</summary>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public static async Task<Dictionary<string, string>> ReadAsync(Lake lake, CancellationToken cancellationToken)
    {
        Dictionary<string, string> domains = new(StringComparer.Ordinal);
        foreach (Manifest manifest in await new ManifestStore(lake.Store).ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (manifest is { Sync: SyncSystem.Kafka, Location: { } topic })
            {
                domains.TryAdd(topic, manifest.Domain);
            }
        }

        return domains;
    }

    /// <summary>Says why a domain may not be delivered to a topic; null when it may.</summary>
    /// <param name="domains">The domains of topics.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="domain">The domain.</param>
    public static string? Refuse(IReadOnlyDictionary<string, string> domains, string topic, string domain) =>
        domains.TryGetValue(topic, out string? other) && other != domain
            ? $"'{topic}' holds {other} records of this lake: a topic holds one domain, so deliver {domain} records to another topic"
            : null;

    /// <summary>Refuses to deliver a domain to a topic of the lake that holds another one.</summary>
    /// <exception cref="InvalidRequestException">It does.</exception>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public static async Task RefuseOtherAsync(Lake lake, IReadOnlyCollection<(string Topic, string Domain)> deliveries, CancellationToken cancellationToken)
    {
        Dictionary<string, string> domains = await ReadAsync(lake, cancellationToken).ConfigureAwait(false);
        if (deliveries.Select(delivery => Refuse(domains, delivery.Topic, delivery.Domain)).FirstOrDefault(refusal => refusal is not null) is { } refusal)
        {
            throw new InvalidRequestException($"topic {refusal}");
        }
    }
}
