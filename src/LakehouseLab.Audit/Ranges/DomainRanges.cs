using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Ranges;

/// <summary>The delivered rows of a domain, in order, and the blocks of the world that they are in. Immutable.</summary>
internal sealed class DomainRanges
{
    // The ranges that have rows. One without any, of an emulation that has delivered nothing, may begin anywhere, also where others deliver.
    private readonly DeliveredRange[] _filled;
    private readonly long[] _firstRows;
    private readonly BlockRun[] _runs;

    /// <summary>Sorts ranges, no two of which have a row in common.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="ranges">Its ranges, in the order of their first rows; each one's index is its place.</param>
    /// <param name="isWhole">Whether these are all ranges of the lake, and all of them are audited if each of these is.</param>
    public DomainRanges(Domain domain, IReadOnlyList<DeliveredRange> ranges, bool isWhole)
    {
        AreAllAudited = isWhole && ranges.All(range => range.IsAudited);
        Domain = domain;
        Ranges = [.. ranges];
        _filled = [.. ranges.Where(range => range.Rows > 0)];
        _firstRows = [.. _filled.Select(range => range.FirstRow)];
        ExpectedRows = ranges.Where(range => range.IsAudited).Sum(range => range.Rows);
        _runs = [.. Runs(ranges)];
    }

    private DomainRanges(DomainRanges whole, IReadOnlyList<DeliveredRange> ranges)
        : this(whole.Domain, ranges, isWhole: false) => AreAllAudited = whole.AreAllAudited;

    // The rows that were left out, in order.
    private IReadOnlyList<RowRange> Waiting { get; init; } = [];

    /// <summary>The domain.</summary>
    public Domain Domain { get; }

    /// <summary>What the domain's records look like.</summary>
    public DomainSchema Schema => Domain.Schema;

    /// <summary>The ranges.</summary>
    public DeliveredRange[] Ranges { get; }

    /// <summary>The row after the last delivered one; 0 when there is none.</summary>
    public long EndRow => _filled.Length == 0 ? 0 : _filled[^1].EndRow;

    /// <summary>Rows of the audited ranges.</summary>
    public long ExpectedRows { get; }

    /// <summary>Whether every range is audited, so that a record of none of them is unexpected and not merely another's.</summary>
    public bool AreAllAudited { get; }

    /// <summary>How many blocks the audited ranges are in.</summary>
    public int Slots => _runs.Length == 0 ? 0 : checked((int)(_runs[^1].FirstSlot + _runs[^1].Blocks));

    /// <summary>The same ranges, of which only some are looked at, since the others' records are elsewhere.</summary>
    public DomainRanges Only(Func<Manifest, bool> isWanted) =>
        new(this, [.. Ranges.Select(range => range with { IsAudited = range.IsAudited && isWanted(range.Manifest) })]);

    /// <summary>The same ranges without some of their rows, which are whole chunks.</summary>
    /// <param name="rows">The rows, in order.</param>
    public DomainRanges Without(IReadOnlyList<RowRange> rows)
    {
        if (rows.Count == 0)
        {
            return this;
        }

        List<DeliveredRange> kept = [];
        foreach (DeliveredRange range in Ranges)
        {
            long row = range.FirstRow;
            foreach (RowRange gap in rows.Select(gap => gap.Intersect(new RowRange(range.FirstRow, range.EndRow))).Where(gap => gap.Rows > 0))
            {
                Keep(range, row, gap.FirstRow);
                row = gap.EndRow;
            }

            Keep(range, row, range.EndRow);
        }

        return new DomainRanges(this, kept) { Waiting = rows };

        void Keep(DeliveredRange range, long first, long end)
        {
            if (first < end)
            {
                kept.Add(range with { Index = kept.Count, FirstRow = first, EndRow = end, Chunks = [.. range.Chunks.Where(chunk => chunk.FirstRow >= first && chunk.EndRow <= end)] });
            }
        }
    }

    /// <summary>The parts of the audited ranges that are in some rows.</summary>
    public IEnumerable<(DeliveredRange Range, RowRange Rows)> Within(RowRange rows)
    {
        int index = Array.BinarySearch(_firstRows, rows.FirstRow);
        for (index = Math.Max(0, index >= 0 ? index : ~index - 1); index < _filled.Length && _filled[index].FirstRow < rows.EndRow; index++)
        {
            DeliveredRange range = _filled[index];
            RowRange both = rows.Intersect(new RowRange(range.FirstRow, range.EndRow));
            if (range.IsAudited && both.Rows > 0)
            {
                yield return (range, both);
            }
        }
    }

    /// <summary>The range that a row was delivered in.</summary>
    /// <returns>Its index, or -1 when the row was not delivered.</returns>
    public int Find(long row)
    {
        int index = Array.BinarySearch(_firstRows, row);
        index = index >= 0 ? index : ~index - 1;
        return index >= 0 && row < _filled[index].EndRow ? _filled[index].Index : -1;
    }

    /// <summary>Why a row of the world is unexpected, which is in none of the ranges.</summary>
    public string StrangeCause(long row) => Waiting.Any(gap => row >= gap.FirstRow && row < gap.EndRow)
        ? "the table's own progress, or the txn in its log, says that it has not ingested the row yet"
        : "a row of this world that no emulation of the lake delivered";

    /// <summary>The place of an audited row's block, from 0 without gaps.</summary>
    public int SlotOf(long row)
    {
        long block = row / IDataFactory.BlockRows;
        foreach (BlockRun run in _runs)
        {
            if (block < run.FirstBlock + run.Blocks)
            {
                return (int)(run.FirstSlot + block - run.FirstBlock);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(row), row, "the row is in no audited range");
    }

    /// <summary>The block at a place.</summary>
    public long BlockAt(int slot)
    {
        BlockRun run = _runs.Last(run => run.FirstSlot <= slot);
        return run.FirstBlock + slot - run.FirstSlot;
    }

    // Neighbours that share a block, or whose blocks follow each other, are one run: few runs, however many ranges.
    private static List<BlockRun> Runs(IReadOnlyList<DeliveredRange> ranges)
    {
        List<BlockRun> runs = [];
        foreach (DeliveredRange range in ranges.Where(range => range.IsAudited && range.Rows > 0))
        {
            long first = range.FirstRow / IDataFactory.BlockRows;
            long end = ((range.EndRow - 1) / IDataFactory.BlockRows) + 1;
            if (runs.Count > 0 && first <= runs[^1].FirstBlock + runs[^1].Blocks)
            {
                runs[^1] = runs[^1] with { Blocks = Math.Max(runs[^1].Blocks, end - runs[^1].FirstBlock) };
            }
            else
            {
                runs.Add(new BlockRun(first, end - first, runs.Count == 0 ? 0 : runs[^1].FirstSlot + runs[^1].Blocks));
            }
        }

        return runs;
    }

    private readonly record struct BlockRun(long FirstBlock, long Blocks, long FirstSlot);
}
