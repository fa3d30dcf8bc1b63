using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Audit.Silver;

/// <summary>The audit of a Silver table of records: every delivered record once, by its typed values.</summary>
internal sealed class SilverPart : IAuditPart, IRowObserver
{
    private readonly Lake _lake;
    private readonly EmulatedWorld _world;
    private readonly DomainRanges _ranges;
    private readonly IProgress<AuditProgress>? _progress;
    private readonly BlockSums _expected;
    private readonly BlockSums _found;
    private readonly SilverRows _rows;
    private readonly SilverRows _made;
    private readonly ulong[] _hashes = new ulong[IDataFactory.BlockRows];
    private TableScan? _scan;
    private bool _hasOthers;

    /// <summary>Prepares the audit.</summary>
    public SilverPart(Lake lake, EmulatedWorld world, DomainRanges ranges, IProgress<AuditProgress>? progress)
    {
        _lake = lake;
        _world = world;
        _ranges = ranges;
        _progress = progress;
        _expected = new BlockSums(ranges.Slots);
        _found = new BlockSums(ranges.Slots);

        // The world's rows are made on another thread than the table is read on.
        _rows = new SilverRows(world.CreateFactory(ranges.Schema));
        _made = new SilverRows(world.CreateFactory(ranges.Schema));
        Tally = new Tally(AuditLayer.Silver, $"silver.{_rows.TableName}", ranges);
    }

    /// <inheritdoc/>
    public AuditLayer Layer => AuditLayer.Silver;

    /// <inheritdoc/>
    public Tally Tally { get; }

    /// <inheritdoc/>
    public bool NeedsLines => false;

    /// <inheritdoc/>
    public ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        Span<ulong> hashes = _hashes.AsSpan(0, count);
        _made.Hash(block.Batch, range.Manifest.Labels, first, hashes);
        int slot = _ranges.SlotOf(block.Batch.FirstRow + first);
        foreach (ulong hash in hashes)
        {
            _expected.Add(slot, hash);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        // The sums are complete with the last row.
    }

    /// <inheritdoc/>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        _scan = await TableScan.OpenAsync(_lake.Store, $"silver/{_rows.TableName}", Tally, cancellationToken).ConfigureAwait(false);
        long done = 0;
        await (_scan?.VisitAsync(
            group =>
            {
                _rows.Read(group);
                Sum();
                done += group.Rows;
                _progress?.Report(new AuditProgress(Tally.Name, done, Math.Max(done, Tally.Expected)));
            },
            cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ExamineAsync(CancellationToken cancellationToken)
    {
        if (!Tally.IsThere)
        {
            return;
        }

        BlockComparison comparison = new(_ranges, _expected, _found);
        comparison.CountAgreeing(Tally);
        if (!comparison.AnyDiffers && !_hasOthers)
        {
            return;
        }

        ExpectedRecords expected = new(_world, _ranges);
        SilverExamination examination = new(_ranges, comparison, expected, _rows, Tally);
        await (_scan?.VisitAsync(examination.Examine, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        QuarantinedRows quarantined = new(_lake.Store, _ranges.Schema, expected.Factory);
        await quarantined.ReadAsync(Tally, cancellationToken).ConfigureAwait(false);
        examination.ReportMissing(quarantined);
    }

    private void Sum()
    {
        int last = 0;
        for (int row = 0; row < _rows.Count; row++)
        {
            long domainRow = _rows.DomainRowOf(row);
            int range = domainRow < 0 ? -1 : FindNear(domainRow, last);
            if (range < 0)
            {
                _hasOthers = true;
                continue;
            }

            last = range;
            if (_ranges.Ranges[range].IsAudited)
            {
                _found.Add(_ranges.SlotOf(domainRow), _rows.HashOf(row));
            }
        }
    }

    // Neighbours are mostly of one range.
    private int FindNear(long domainRow, int range) =>
        range < _ranges.Ranges.Length && domainRow >= _ranges.Ranges[range].FirstRow && domainRow < _ranges.Ranges[range].EndRow ? range : _ranges.Find(domainRow);
}
