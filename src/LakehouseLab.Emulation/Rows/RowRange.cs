namespace LakehouseLab.Emulation.Rows;

/// <summary>Consecutive rows of a domain, half-open.</summary>
/// <param name="FirstRow">First row, from 0.</param>
/// <param name="EndRow">The row after the last.</param>
public readonly record struct RowRange(long FirstRow, long EndRow)
{
    /// <summary>How many rows.</summary>
    public long Rows => EndRow - FirstRow;

    /// <summary>The part that is in another range too; it has no rows, or fewer than none, when there is none.</summary>
    public RowRange Intersect(RowRange other) => new(Math.Max(FirstRow, other.FirstRow), Math.Min(EndRow, other.EndRow));
}
