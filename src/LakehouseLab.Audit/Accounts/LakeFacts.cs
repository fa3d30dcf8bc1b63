using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Audit.Accounts;

/// <summary>What all shards of an audit must see alike of a lake, since one of them expects what another finds: each fact by what it is about, in a few words.</summary>
internal static class LakeFacts
{
    /// <summary>The facts of a lake.</summary>
    /// <param name="world">Its world.</param>
    /// <param name="accounts">What it says of itself.</param>
    /// <param name="domains">The delivered rows.</param>
    /// <param name="waiting">Those of them that tables have not ingested yet.</param>
    /// <param name="foreign">What Silver does with foreign records.</param>
    /// <param name="topics">The topics that records were delivered to.</param>
    public static IReadOnlyDictionary<string, string> Of(WorldSettings world, LakeAccounts accounts, IReadOnlyList<DomainRanges> domains, WaitingRows waiting, ForeignTreatment foreign, IEnumerable<TopicState> topics)
    {
        SortedDictionary<string, string> facts = new(StringComparer.Ordinal) { ["its world"] = world.ToString(), ["its treatment of foreign records"] = foreign.ToString() };
        foreach (FlowAccount flow in accounts.Flows.Values)
        {
            facts[$"table {flow.Table}"] = string.Create(CultureInfo.InvariantCulture, $"{TextOf(flow.Snapshot)}, {flow.Recorded} batches");
            foreach (DomainRanges domain in domains.Where(domain => waiting.Of(flow.Table, domain.Domain).Count > 0))
            {
                facts[$"what of {domain.Domain.Name} waits for {flow.Table}"] = Sum(waiting.Of(flow.Table, domain.Domain).Select(rows => rows.ToString()));
            }
        }

        foreach (IGrouping<Domain, Claim> claims in accounts.Claims.GroupBy(claim => claim.Domain))
        {
            facts[$"the claims of {claims.Key.Name}"] = Sum(claims.Select(claim => $"{claim.Key} {claim.Emulation} {claim.Range}"));
        }

        foreach (IGrouping<Manifest, DeliveredRange> emulation in domains.SelectMany(domain => domain.Ranges).GroupBy(range => range.Manifest))
        {
            facts[$"emulation {emulation.Key.Id}"] = $"{emulation.Key.State}, {Sum(emulation.SelectMany(range => range.Chunks.Select(chunk => chunk.ToString()).Append($"{range.FirstRow} {range.EndRow}")))}";
        }

        foreach (TopicState topic in topics)
        {
            facts[$"topic {topic.Topic}"] = $"{topic.Id}: {string.Join(", ", topic.Partitions.Select(partition => $"{partition.Partition} from {partition.Start} to {partition.End}"))}";
        }

        return facts;
    }

    /// <summary>The first fact that two see otherwise; null when there is none.</summary>
    public static (string About, string One, string Other)? Difference(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other)
    {
        const string Nothing = "not there";
        foreach (string about in one.Keys.Union(other.Keys).Order(StringComparer.Ordinal))
        {
            (string first, string second) = (one.GetValueOrDefault(about, Nothing), other.GetValueOrDefault(about, Nothing));
            if (first != second)
            {
                return (about, first, second);
            }
        }

        return null;
    }

    private static string TextOf(Snapshot? snapshot) => snapshot is null ? "not there" : string.Create(CultureInfo.InvariantCulture, $"version {snapshot.Version} of {snapshot.Metadata.Id}");

    private static string Sum(IEnumerable<string> texts)
    {
        XxHash128 hash = new();
        int count = 0;
        foreach (string text in texts)
        {
            hash.Append(Encoding.UTF8.GetBytes($"{text}\n"));
            count++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{count} entries with checksum {Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }
}
