using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Audit.Records;

/// <summary>Lets an observer see the rows of some ranges alone, those that its table has ingested.</summary>
/// <param name="inner">The observer.</param>
/// <param name="ranges">The ranges, as the observer knows them.</param>
internal sealed class PartialObserver(IRowObserver inner, DomainRanges ranges) : IRowObserver
{
    /// <inheritdoc/>
    public bool NeedsLines => inner.NeedsLines;

    /// <inheritdoc/>
    public async ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        long firstRow = block.Batch.FirstRow;
        foreach ((DeliveredRange own, RowRange rows) in ranges.Within(new RowRange(firstRow + first, firstRow + first + count)))
        {
            await inner.ObserveAsync(own, block, (int)(rows.FirstRow - firstRow), (int)rows.Rows, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Complete() => inner.Complete();
}
