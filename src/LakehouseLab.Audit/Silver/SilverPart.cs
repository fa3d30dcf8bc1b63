using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

/// <summary>The audit of a Silver table of records: every delivered record once, by its typed values.</summary>
internal sealed class SilverPart : RecordTablePart
{
    private readonly SilverRows _rows;
    private readonly SilverRows _made;
    private readonly ulong[] _hashes = new ulong[IDataFactory.BlockRows];

    /// <summary>Prepares the audit.</summary>
    public SilverPart(Lake lake, EmulatedWorld world, DomainRanges ranges, IProgress<AuditProgress>? progress)
        : this(new SilverRows(world.CreateFactory(ranges.Schema)), lake, world, ranges, progress)
    {
    }

    private SilverPart(SilverRows rows, Lake lake, EmulatedWorld world, DomainRanges ranges, IProgress<AuditProgress>? progress)
        : base(AuditLayer.Silver, $"silver/{rows.TableName}", lake, world, ranges, progress)
    {
        // The world's rows are made on another thread than the table is read on.
        _rows = rows;
        _made = new SilverRows(world.CreateFactory(ranges.Schema));
    }

    /// <summary>The name in Silver of a domain's table.</summary>
    public static string TableOf(DomainSchema schema) => SilverRows.TableOf(schema);

    /// <inheritdoc/>
    public override bool NeedsLines => false;

    /// <inheritdoc/>
    public override ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        Span<ulong> hashes = _hashes.AsSpan(0, count);
        _made.Hash(block.Batch, range.Manifest.Labels, first, hashes);
        int slot = Ranges.SlotOf(block.Batch.FirstRow + first);
        foreach (ulong hash in hashes)
        {
            Expected.Add(slot, hash);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task ExamineAsync(Lake lake, BlockComparison comparison, ExpectedRecords expected, CancellationToken cancellationToken)
    {
        SilverExamination examination = new(Ranges, comparison, expected, _rows, Tally);
        await (Scan?.VisitAsync(examination.Examine, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        QuarantinedRows quarantined = new(lake.Store, Ranges.Schema, expected.Factory);
        await quarantined.ReadAsync(Tally, cancellationToken).ConfigureAwait(false);
        examination.ReportMissing(quarantined);
    }

    /// <inheritdoc/>
    private protected override void Sum(TableGroup group)
    {
        _rows.Read(group);
        int last = 0;
        for (int row = 0; row < _rows.Count; row++)
        {
            long domainRow = _rows.DomainRowOf(row);
            int range = domainRow < 0 ? -1 : FindNear(domainRow, last);
            if (range < 0)
            {
                HasOthers = true;
                continue;
            }

            last = range;
            if (Ranges.Ranges[range].IsAudited)
            {
                Found.Add(Ranges.SlotOf(domainRow), _rows.HashOf(row));
            }
        }
    }

    // Neighbours are mostly of one range.
    private int FindNear(long domainRow, int range) =>
        range < Ranges.Ranges.Length && domainRow >= Ranges.Ranges[range].FirstRow && domainRow < Ranges.Ranges[range].EndRow ? range : Ranges.Find(domainRow);
}
