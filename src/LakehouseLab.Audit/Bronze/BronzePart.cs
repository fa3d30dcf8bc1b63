using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Audit.Bronze;

/// <summary>The audit of a Bronze table: every delivered record once, byte for byte.</summary>
internal sealed class BronzePart : IAuditPart, IRowObserver
{
    private readonly Lake _lake;
    private readonly EmulatedWorld _world;
    private readonly DomainRanges _ranges;
    private readonly IProgress<AuditProgress>? _progress;
    private readonly BlockSums _expected;
    private readonly BlockSums _found;
    private readonly BronzeRows _rows;
    private readonly ChunkIndex _chunks;
    private readonly bool[] _taken;
    private TableScan? _scan;
    private bool _hasOthers;

    /// <summary>Prepares the audit.</summary>
    public BronzePart(Lake lake, EmulatedWorld world, DomainRanges ranges, IProgress<AuditProgress>? progress)
    {
        _lake = lake;
        _world = world;
        _ranges = ranges;
        _progress = progress;
        _expected = new BlockSums(ranges.Slots);
        _found = new BlockSums(ranges.Slots);
        _chunks = new ChunkIndex(ranges);
        _taken = new bool[_chunks.Chunks.Length];
        _rows = new BronzeRows(ranges, _chunks);
        Tally = new Tally(AuditLayer.Bronze, $"bronze.{ranges.Schema.Table}", ranges);
    }

    /// <inheritdoc/>
    public AuditLayer Layer => AuditLayer.Bronze;

    /// <inheritdoc/>
    public Tally Tally { get; }

    /// <inheritdoc/>
    public bool NeedsLines => true;

    /// <inheritdoc/>
    public ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        int slot = _ranges.SlotOf(block.Batch.FirstRow + first);
        for (int row = first; row < first + count; row++)
        {
            _expected.Add(slot, ValueHash.Of(block.Record(row)));
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
        _scan = await TableScan.OpenAsync(_lake.Store, $"bronze/{_ranges.Schema.Table}", Tally, cancellationToken).ConfigureAwait(false);
        long done = 0;
        await (_scan?.VisitAsync(
            group =>
            {
                _rows.ReadOrigins(group);
                _rows.ReadHashes(group);
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

        NoteUntaken();
        ExpectedRecords expected = new(_world, _ranges);
        RecordExamination examination = new(_ranges, expected, Tally, comparison.Differs);
        await (_scan?.VisitAsync(group => Examine(group, comparison, examination), cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        foreach ((long first, long end, int range) in comparison.Differing())
        {
            examination.ReportMissing(first, end, range, _ => null);
        }
    }

    private void NoteUntaken()
    {
        int audited = _chunks.Chunks.Count(chunk => _ranges.Ranges[chunk.Range].IsAudited);
        int untaken = _chunks.Chunks.Where((chunk, number) => _ranges.Ranges[chunk.Range].IsAudited && !_taken[number]).Count();
        if (untaken > 0)
        {
            Tally.Note($"nothing of {untaken} of {audited} chunks is in it: if the pipeline has not run since they were delivered, run it");
        }
    }

    private void Sum()
    {
        for (int row = 0; row < _rows.Count; row++)
        {
            if (_rows.ChunkOf(row) is int chunk and >= 0)
            {
                _taken[chunk] = true;
            }

            int range = _rows.RangeOf(row);
            long domainRow = _rows.DomainRowOf(row);
            if (range >= 0 && !_ranges.Ranges[range].IsAudited)
            {
                continue;
            }

            if (domainRow < 0)
            {
                _hasOthers = true;
                continue;
            }

            _found.Add(_ranges.SlotOf(domainRow), _rows.HashOf(row));
        }
    }

    private void Examine(TableGroup group, BlockComparison comparison, RecordExamination examination)
    {
        _rows.ReadOrigins(group);
        bool[] wanted = new bool[group.Rows];
        for (int row = 0; row < group.Rows; row++)
        {
            int range = _rows.RangeOf(row);
            long domainRow = _rows.DomainRowOf(row);
            wanted[row] = range < 0 ? _ranges.AreAllAudited : _ranges.Ranges[range].IsAudited && (domainRow < 0 || comparison.Differs(domainRow));
        }

        if (Array.IndexOf(wanted, true) < 0)
        {
            return;
        }

        byte[]?[] records = BronzeRows.ReadBytes(group, wanted);
        for (int row = 0; row < group.Rows; row++)
        {
            if (wanted[row])
            {
                Examine(group, row, records[row] ?? [], examination);
            }
        }
    }

    private void Examine(TableGroup group, int row, byte[] record, RecordExamination examination)
    {
        string Place() => $"{group.PlaceOf(row)}, from {_rows.OriginOf(row)}";
        if (_rows.RangeOf(row) >= 0)
        {
            Tally.Find(examination.Examine(record, Place), 1);
            return;
        }

        Tally.Find(-1, 1);
        Tally.Report(FindingKind.Unexpected, -1, () => new Finding(
            FindingKind.Unexpected, null, RecordId.TryRead(_ranges.Schema, record)?.Text, Place(), "no emulation of this lake made it"));
    }
}
