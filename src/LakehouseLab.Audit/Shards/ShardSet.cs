using System.Text.Json;
using LakehouseLab.Audit.Accounts;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit.Shards;

/// <summary>The reports of all shards of one audit, which were asked for the same and have seen the same lake.</summary>
public sealed class ShardSet
{
    private ShardSet(IReadOnlyList<ShardReport> reports) => Reports = reports;

    /// <summary>The reports, in the order of shards.</summary>
    public IReadOnlyList<ShardReport> Reports { get; }

    /// <summary>What was asked for.</summary>
    public ShardSettings Settings => Reports[0].Settings;

    /// <summary>Puts reports together.</summary>
    /// <param name="reports">The reports in any order, each with its name for messages; at least one.</param>
    /// <exception cref="InvalidRequestException">They are not all shards of one audit.</exception>
    public static ShardSet Of(IReadOnlyList<(string Source, ShardReport Report)> reports)
    {
        (string firstSource, ShardReport first) = reports[0];
        int count = Shard.Parse(first.Shard).Count;
        Dictionary<int, (string Source, ShardReport Report)> byNumber = [];
        foreach ((string source, ShardReport report) in reports)
        {
            Shard shard = Shard.Parse(report.Shard);
            if (shard.Count != count)
            {
                throw new InvalidRequestException($"'{firstSource}' is shard {first.Shard} and '{source}' is shard {report.Shard}: give all shards of one division");
            }

            if (!byNumber.TryAdd(shard.Number, (source, report)))
            {
                throw new InvalidRequestException($"'{byNumber[shard.Number].Source}' and '{source}' are both shard {report.Shard}: give each shard once");
            }

            if (TextOf(report.Settings) != TextOf(first.Settings))
            {
                throw new InvalidRequestException($"'{firstSource}' and '{source}' were asked for different audits: run all shards with the same flags");
            }

            if (LakeFacts.Difference(first.Facts, report.Facts) is var (about, one, other))
            {
                throw new InvalidRequestException($"'{firstSource}' and '{source}' have seen different lakes, or one lake at different times: {about} is '{one}' to the first and '{other}' to the second; run all shards again while nothing writes to the lake");
            }
        }

        int[] missing = [.. Enumerable.Range(1, count).Where(number => !byNumber.ContainsKey(number))];
        return missing.Length == 0
            ? new ShardSet([.. Enumerable.Range(1, count).Select(number => byNumber[number].Report)])
            : throw new InvalidRequestException(FormattableString.Invariant($"of {count} shards {missing.Length} {(missing.Length == 1 ? "is" : "are")} missing, the first is {missing[0]}/{count}: run it with audit --shard {missing[0]}/{count} --json and give its report too"));
    }

    /// <summary>Refuses a lake that is not as the shards saw it.</summary>
    /// <param name="location">The lake.</param>
    /// <param name="facts">Its present state.</param>
    /// <exception cref="InvalidRequestException">It is another lake, or was written to since.</exception>
    internal void RefuseOther(string location, IReadOnlyDictionary<string, string> facts)
    {
        if (LakeFacts.Difference(Reports[0].Facts, facts) is var (about, then, now))
        {
            throw new InvalidRequestException($"lake '{location}' is not what the shards have seen: {about} was '{then}' and is '{now}'; give the lake that they read, or run all shards again while nothing writes to it");
        }
    }

    private static string TextOf(ShardSettings settings) => JsonSerializer.Serialize(settings, ShardDocuments.Default.ShardSettings);
}
