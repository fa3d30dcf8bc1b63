using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Topic;

/// <summary>Which rows are in a topic behind the offsets that Bronze has ingested: the tail alone is read.</summary>
/// <param name="topic">The topic.</param>
/// <param name="log">The cluster.</param>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="factory">Finds rows by keys.</param>
internal sealed class TopicTail(string topic, ITopicLog log, DomainRanges ranges, IDataFactory factory)
{
    /// <summary>Finds the rows.</summary>
    /// <param name="until">Per partition of a topic's id, the offset after the last that was ingested.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The rows, in order.</returns>
    public async Task<IReadOnlyList<RowRange>> FindAsync(Func<string, int, long?> until, CancellationToken cancellationToken)
    {
        if (await log.FindAsync(topic, cancellationToken).ConfigureAwait(false) is not { } state)
        {
            return [];
        }

        OffsetSpan[] tail = [.. state.Partitions.Select(partition => new OffsetSpan(partition.Partition, Math.Max(partition.Start, until(state.Id, partition.Partition) ?? 0), partition.End))];
        HashSet<long> rows = [];
        Read(tail, row => rows.Add(row), cancellationToken);

        // What at_least_once wrote again may have been ingested before.
        if (rows.Count > 0 && ranges.Ranges.Any(range => range.Manifest.Delivery == DeliveryGuarantee.AtLeastOnce))
        {
            OffsetSpan[] ingested = [.. state.Partitions.Zip(tail, (partition, behind) => new OffsetSpan(partition.Partition, partition.Start, behind.From))];
            Read(ingested, row => rows.Remove(row), cancellationToken);
        }

        return Join(rows);
    }

    private void Read(OffsetSpan[] spans, Action<long> take, CancellationToken cancellationToken)
    {
        spans = [.. spans.Where(span => span.From < span.Until)];
        if (spans.Length == 0)
        {
            return;
        }

        TopicSource source = new(ranges, factory);
        using ITopicReader reader = log.Open(topic, spans);
        while (reader.TryRead(out TopicMessage message, cancellationToken))
        {
            if (source.RowOf(message) is long row and >= 0)
            {
                take(row);
            }
        }
    }

    private static List<RowRange> Join(HashSet<long> rows)
    {
        List<RowRange> joined = [];
        foreach (long row in rows.Order())
        {
            if (joined.Count > 0 && joined[^1].EndRow == row)
            {
                joined[^1] = joined[^1] with { EndRow = row + 1 };
            }
            else
            {
                joined.Add(new RowRange(row, row + 1));
            }
        }

        return joined;
    }
}
