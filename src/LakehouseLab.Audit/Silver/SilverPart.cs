using System.Runtime.CompilerServices;
using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World.Schemas;
using LakehouseLab.World;

namespace LakehouseLab.Audit.Silver;

/// <summary>The audit of a Silver table of records: every delivered record once, by its typed values.</summary>
internal sealed class SilverPart : RecordTablePart
{
    private readonly SilverRows _rows;
    private readonly SeenRows _altered = new();
    private long _lastBatch = -1;
    private readonly BronzePart? _bronze;
    private readonly SilverRows _made;
    private readonly ulong[] _hashes = new ulong[IDataFactory.BlockRows];

    /// <summary>Prepares the audit.</summary>
    public SilverPart(Lake lake, EmulatedWorld world, DomainRanges ranges, BronzePart? bronze, IProgress<AuditProgress>? progress)
        : this(new SilverRows(world.CreateFactory(ranges.Schema)), lake, world, ranges, bronze, progress)
    {
    }

    private SilverPart(SilverRows rows, Lake lake, EmulatedWorld world, DomainRanges ranges, BronzePart? bronze, IProgress<AuditProgress>? progress)
        : base(AuditLayer.Silver, rows.Declaration, lake, world, ranges, progress)
    {
        // The world's rows are made on another thread than the table is read on.
        _rows = rows;
        _bronze = bronze;
        _made = new SilverRows(world.CreateFactory(ranges.Schema));
    }

    /// <summary>The name in Silver of a domain's table.</summary>
    public static string TableOf(DomainSchema schema) => SilverRows.TableOf(schema);

    /// <summary>The table's name in its layer.</summary>
    public string TableName => TableOf(Ranges.Schema);

    /// <summary>Whether it has records of other lakes and domains too, of which nothing is known.</summary>
    public bool TakesForeign { get; init; }

    /// <summary>Whether its progress says that it was made of all that Bronze has.</summary>
    public bool IsOfAllBronze { get; init; }

    /// <summary>Whether it was made of a batch of Bronze: it says so, or has a record of the batch or a later one.</summary>
    public bool HasTaken(long batch) => IsOfAllBronze || batch <= _lastBatch;

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
        SilverExamination examination = new(Ranges, comparison, expected, _rows, _altered, Tally) { TakesForeign = TakesForeign };
        await (Scan?.VisitAsync(examination.Examine, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        QuarantinedRows quarantined = new(lake.Store, Ranges.Schema, expected.Factory);
        await quarantined.ReadAsync(Tally, cancellationToken).ConfigureAwait(false);
        examination.ReportMissing(quarantined);
    }

    /// <inheritdoc/>
    private protected override async Task ExamineMoreAsync(ExpectedRecords expected, CancellationToken cancellationToken)
    {
        if (_bronze is not null && Scan is not null && Enumerable.Range(0, Ranges.Slots).Any(_bronze.Lineage.Differs))
        {
            await new LineageExamination(Ranges, _bronze, Scan, _rows, expected, _altered, Tally).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    // Called once per row group: it must not wait for the tiers of the compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Sum(TableGroup group)
    {
        _rows.Read(group);
        _rows.ReadOrigins(group);
        _lastBatch = Math.Max(_lastBatch, _rows.LastBatch);
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
                int slot = Ranges.SlotOf(domainRow);
                Found.Add(slot, _rows.HashOf(row));
                _bronze?.Lineage.Silver.Add(slot, Lineage.HashOf(domainRow, _rows.OriginHashOf(row)));
            }
        }
    }

    // Neighbours are mostly of one range.
    private int FindNear(long domainRow, int range) =>
        range < Ranges.Ranges.Length && domainRow >= Ranges.Ranges[range].FirstRow && domainRow < Ranges.Ranges[range].EndRow ? range : Ranges.Find(domainRow);
}
