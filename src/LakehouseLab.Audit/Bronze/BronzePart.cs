using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Audit.Bronze;

/// <summary>The audit of a Bronze table: every delivered record once, byte for byte.</summary>
internal sealed class BronzePart : RecordTablePart
{
    private readonly BronzeRows _rows;
    private readonly ChunkIndex _chunks;
    private readonly bool[] _taken;

    /// <summary>Prepares the audit.</summary>
    public BronzePart(Lake lake, EmulatedWorld world, DomainRanges ranges, IProgress<AuditProgress>? progress)
        : base(AuditLayer.Bronze, $"bronze/{ranges.Schema.Table}", lake, world, ranges, progress)
    {
        _chunks = new ChunkIndex(ranges);
        _taken = new bool[_chunks.Chunks.Length];
        _rows = new BronzeRows(ranges, _chunks, world.CreateFactory(ranges.Schema));
    }

    /// <inheritdoc/>
    public override bool NeedsLines => true;

    /// <inheritdoc/>
    public override ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        int slot = Ranges.SlotOf(block.Batch.FirstRow + first);
        for (int row = first; row < first + count; row++)
        {
            Expected.Add(slot, ValueHash.Of(block.Record(row)));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task ExamineAsync(Lake lake, BlockComparison comparison, ExpectedRecords expected, CancellationToken cancellationToken)
    {
        NoteUntaken();
        RecordExamination examination = new(Ranges, expected, Tally, comparison.Differs);
        await (Scan?.VisitAsync(group => Examine(group, comparison, examination), cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        foreach ((long first, long end, int range) in comparison.Differing())
        {
            examination.ReportMissing(first, end, range, _ => null);
        }
    }

    private void NoteUntaken()
    {
        int audited = _chunks.Chunks.Count(chunk => Ranges.Ranges[chunk.Range].IsAudited);
        int untaken = _chunks.Chunks.Where((chunk, number) => Ranges.Ranges[chunk.Range].IsAudited && !_taken[number]).Count();
        if (untaken > 0)
        {
            Tally.Note($"nothing of {untaken} of {audited} chunks is in it: if the pipeline has not run since they were delivered, run it");
        }
    }

    /// <inheritdoc/>
    private protected override void Sum(TableGroup group)
    {
        _rows.ReadOrigins(group);
        _rows.ReadHashes(group);
        for (int row = 0; row < _rows.Count; row++)
        {
            if (_rows.ChunkOf(row) is int chunk and >= 0)
            {
                _taken[chunk] = true;
            }

            if (_rows.EmulationOf(row) is { IsAudited: false })
            {
                continue;
            }

            long domainRow = _rows.DomainRowOf(row);
            if (domainRow < 0)
            {
                HasOthers = true;
                continue;
            }

            Found.Add(Ranges.SlotOf(domainRow), _rows.HashOf(row));
        }
    }

    private void Examine(TableGroup group, BlockComparison comparison, RecordExamination examination)
    {
        _rows.ReadOrigins(group);
        _rows.ReadHashes(group);
        bool[] wanted = new bool[group.Rows];
        for (int row = 0; row < group.Rows; row++)
        {
            long domainRow = _rows.DomainRowOf(row);
            wanted[row] = _rows.EmulationOf(row) is { } emulation ? emulation.IsAudited && (domainRow < 0 || comparison.Differs(domainRow)) : Ranges.AreAllAudited;
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
        if (_rows.EmulationOf(row) is { } emulation)
        {
            // A message that was taken in twice is Bronze's fault, one that was written twice is not.
            bool mayRepeat = emulation.Manifest.Delivery == DeliveryGuarantee.AtLeastOnce && _rows.IsNewMessage(row);
            Tally.Find(examination.Examine(record, Place, mayRepeat), 1);
            return;
        }

        Tally.Find(-1, 1);
        Tally.Report(FindingKind.Unexpected, -1, finding => finding with
        {
            Key = RecordId.TryRead(Ranges.Schema, record)?.Text,
            Place = Place(),
            Cause = "no emulation of this lake made it",
        });
    }
}
