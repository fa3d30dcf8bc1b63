using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Topic;

/// <summary>Finds the delivered rows that tables have not ingested yet: of objects by progress, of messages by the topics' tails.</summary>
/// <param name="world">The world.</param>
/// <param name="accounts">What the lake says of itself.</param>
/// <param name="intake">How far the tables have got.</param>
/// <param name="topics">The cluster; null to count all messages as ingested.</param>
internal sealed class WaitingReader(EmulatedWorld world, LakeAccounts accounts, Intake intake, ITopicLog? topics)
{
    private readonly Dictionary<(string Topic, long Batch), IReadOnlyList<RowRange>> _tails = [];

    /// <summary>Finds the rows that tables wait for.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="domains">The delivered rows.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<WaitingRows> ReadAsync(IEnumerable<string> tables, IReadOnlyList<DomainRanges> domains, CancellationToken cancellationToken)
    {
        WaitingRows waiting = new();
        foreach (string table in tables)
        {
            foreach (Domain domain in TableSources.Of(table))
            {
                DomainRanges ranges = domains.First(ranges => ranges.Domain == domain);
                long batch = await intake.FindBatchAsync(table, domain, cancellationToken).ConfigureAwait(false);
                List<RowRange> rows = [.. accounts.Emulations.Where(emulation => emulation.Manifest.Domain == domain.Name).SelectMany(emulation => intake.WaitingOf(domain, emulation, batch))];
                foreach (string topic in Intake.IsKnown(batch) ? TopicsOf(ranges) : [])
                {
                    rows.AddRange(await FindTailAsync(topic, ranges, batch, cancellationToken).ConfigureAwait(false));
                }

                waiting.Add(table, domain, rows, ranges);
            }
        }

        return waiting;
    }

    private static IEnumerable<string> TopicsOf(DomainRanges ranges) =>
        ranges.Ranges.Where(range => range.IsAudited).Select(range => TopicSources.TopicOf(range.Manifest, ranges.Domain)).OfType<string>().Distinct();

    private async Task<IReadOnlyList<RowRange>> FindTailAsync(string topic, DomainRanges ranges, long batch, CancellationToken cancellationToken)
    {
        if (topics is null)
        {
            return [];
        }

        if (!_tails.TryGetValue((topic, batch), out IReadOnlyList<RowRange>? rows))
        {
            TopicTail tail = new(topic, topics, ranges, world.CreateFactory(ranges.Domain));
            rows = await tail.FindAsync((id, partition) => intake.IngestedUntil(ranges.Domain, batch, id, partition), cancellationToken).ConfigureAwait(false);
            _tails.Add((topic, batch), rows);
        }

        return rows;
    }
}
