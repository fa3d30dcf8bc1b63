using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Records;

/// <summary>Which blocks of the world have other records in a table than they should have.</summary>
internal sealed class BlockComparison
{
    private readonly DomainRanges _ranges;
    private readonly bool[] _differs;

    /// <summary>Compares the sums of all audited blocks.</summary>
    public BlockComparison(DomainRanges ranges, BlockSums expected, BlockSums found)
    {
        _ranges = ranges;
        _differs = new bool[ranges.Slots];
        for (int slot = 0; slot < _differs.Length; slot++)
        {
            _differs[slot] = !expected.Agrees(found, slot);
        }
    }

    /// <summary>Whether any block differs.</summary>
    public bool AnyDiffers => Array.IndexOf(_differs, true) >= 0;

    /// <summary>Whether an audited row's block differs.</summary>
    public bool Differs(long row) => _differs[_ranges.SlotOf(row)];

    /// <summary>Counts the records of the blocks that agree as found.</summary>
    public void CountAgreeing(Tally tally)
    {
        foreach ((long first, long end, int range) in Spans())
        {
            if (!Differs(first))
            {
                tally.Find(range, end - first);
            }
        }
    }

    /// <summary>The audited rows of the blocks that differ, as spans within one block and one range.</summary>
    public IEnumerable<(long FirstRow, long EndRow, int Range)> Differing() => Spans().Where(span => Differs(span.FirstRow));

    private IEnumerable<(long FirstRow, long EndRow, int Range)> Spans()
    {
        foreach (DeliveredRange range in _ranges.Ranges.Where(range => range.IsAudited))
        {
            for (long row = range.FirstRow; row < range.EndRow;)
            {
                long end = Math.Min(range.EndRow, ((row / IDataFactory.BlockRows) + 1) * IDataFactory.BlockRows);
                yield return (row, end, range.Index);
                row = end;
            }
        }
    }
}
