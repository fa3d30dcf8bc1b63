using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Records;

/// <summary>
/// Sums, per block of the world's rows, of where Bronze and Silver say that each record comes from: the lineage of a Silver row must be that
/// of its Bronze record, whatever that is.
/// </summary>
internal sealed class Lineage(DomainRanges ranges)
{
    /// <summary>As Bronze says it.</summary>
    public BlockSums Bronze { get; } = new(ranges.Slots);

    /// <summary>As Silver says it.</summary>
    public BlockSums Silver { get; } = new(ranges.Slots);

    /// <summary>Whether Bronze was read.</summary>
    public bool HasBronze { get; set; }

    /// <summary>The hash of a row and its origin.</summary>
    /// <param name="row">The row of the domain.</param>
    /// <param name="origin">Hash of batch, source, offset and time of ingestion, in the order of <see cref="TableDeclaration.Lineage"/>.</param>
    public static ulong HashOf(long row, ulong origin) => ValueHash.Append(origin, ValueHash.Of(row));

    /// <summary>Whether a block has rows in both whose origins differ.</summary>
    public bool Differs(int slot) => HasBronze && Bronze.CountOf(slot) > 0 && Silver.CountOf(slot) > 0 && !Bronze.Agrees(Silver, slot);
}

/// <summary>Where a record comes from.</summary>
/// <param name="Batch">The batch in which Bronze received it.</param>
/// <param name="Source">Its object or partition.</param>
/// <param name="Offset">Its line or offset there.</param>
/// <param name="IngestedAt">When Bronze received it, in Unix microseconds.</param>
internal readonly record struct RecordOrigin(long Batch, string Source, long Offset, long IngestedAt)
{
    /// <summary>Whether it comes before another: of records with the same key the first is Silver's.</summary>
    public bool IsBefore(RecordOrigin other) =>
        (Batch, string.CompareOrdinal(Source, other.Source), Offset).CompareTo((other.Batch, 0, other.Offset)) < 0;
}
