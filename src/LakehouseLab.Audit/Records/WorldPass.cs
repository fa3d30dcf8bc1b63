using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;
using LakehouseLab.World;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Records;

/// <summary>Makes the audited rows of a domain once, for all that compare with them.</summary>
internal sealed class WorldPass(EmulatedWorld world, DomainRanges ranges, IReadOnlyList<IRowObserver> observers, IProgress<AuditProgress>? progress)
{
    /// <summary>Makes all rows.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => RunAsync(0, long.MaxValue, cancellationToken);

    /// <summary>Makes the rows of a span.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="endRow">The row after the last.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task RunAsync(long firstRow, long endRow, CancellationToken cancellationToken)
    {
        ExpectedBlock block = new(world.CreateFactory(ranges.Domain));
        bool needsLines = observers.Any(observer => observer.NeedsLines);
        long done = 0;
        foreach (DeliveredRange range in ranges.Ranges.Where(range => range.IsAudited))
        {
            long end = Math.Min(range.EndRow, endRow);
            for (long row = Math.Max(range.FirstRow, firstRow); row < end;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long number = row / IDataFactory.BlockRows;
                int first = (int)(row - (number * IDataFactory.BlockRows));
                int count = (int)Math.Min(IDataFactory.BlockRows - first, end - row);
                block.Fill(number);
                if (needsLines)
                {
                    block.Encode(first, count, range.Manifest.Labels);
                }

                foreach (IRowObserver observer in observers)
                {
                    await observer.ObserveAsync(range, block, first, count, cancellationToken).ConfigureAwait(false);
                }

                row += count;
                done += count;
                progress?.Report(new AuditProgress(ranges.Schema.Name, done, ranges.ExpectedRows));
            }
        }

        foreach (IRowObserver observer in observers)
        {
            observer.Complete();
        }
    }
}
