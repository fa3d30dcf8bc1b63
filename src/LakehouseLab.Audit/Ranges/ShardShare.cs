using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Audit.Ranges;

/// <summary>What of an audit's reading a shard does.</summary>
internal static class ShardShare
{
    /// <summary>All of it.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Whether something that is numbered from 0 is read by a shard: a file of a table, a partition, a person.</summary>
    public static bool Takes(this Shard shard, long number) => number % shard.Count == shard.Number - 1;

    /// <summary>The span of rows that a shard makes again: as many delivered rows as every other, and whole chunks.</summary>
    public static RowRange SpanOf(this Shard shard, DomainRanges ranges)
    {
        RowRange share = shard.Of(new RowRange(0, ranges.ExpectedRows));
        return new RowRange(RowAt(ranges, share.FirstRow), RowAt(ranges, share.EndRow));
    }

    // The row before which so many audited rows are, or the end of the chunk that has it.
    private static long RowAt(DomainRanges ranges, long before)
    {
        if (before == 0)
        {
            return 0;
        }

        foreach (DeliveredRange range in ranges.Ranges.Where(range => range.IsAudited))
        {
            if (before < range.Rows)
            {
                long row = range.FirstRow + before;
                ChunkInfo? chunk = range.Chunks.FirstOrDefault(chunk => row > chunk.FirstRow && row < chunk.EndRow);
                return chunk?.EndRow ?? row;
            }

            before -= range.Rows;
        }

        return long.MaxValue;
    }
}
