using System.Runtime.CompilerServices;
using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Silver;

/// <summary>The audit of a Silver table of records: every delivered record once, by its typed values.</summary>
internal sealed class SilverPart : RecordTablePart
{
    private readonly Lake _lake;
    private readonly EmulatedWorld _world;
    private readonly TableDeclaration _quarantine;
    private readonly SilverRows _rows;
    private readonly SeenRows _altered = new();
    private long _lastBatch = -1;
    private readonly BronzePart? _bronze;
    private readonly SilverRows _made;
    private readonly ulong[] _hashes = new ulong[IDataFactory.BlockRows];

    /// <summary>Prepares the audit.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="declared">What tables are declared with.</param>
    /// <param name="world">The lake's world.</param>
    /// <param name="ranges">The domain's ranges.</param>
    /// <param name="bronze">The Bronze table that it is held against; null for none.</param>
    /// <param name="shard">Whose files are read first.</param>
    /// <param name="progress">Is told how far it is.</param>
    public SilverPart(Lake lake, DeclaredTables declared, EmulatedWorld world, DomainRanges ranges, BronzePart? bronze, Shard shard, IProgress<AuditProgress>? progress)
        : base(AuditLayer.Silver, declared.Of($"silver.{ranges.Domain.SilverTable}"), lake, world, ranges, shard, progress)
    {
        _lake = lake;
        _world = world;
        _quarantine = declared.Of("silver.quarantine");
        _rows = new SilverRows(world.CreateFactory(ranges.Domain));
        _bronze = bronze;
        // The world's rows are made on another thread than the table is read on.
        _made = new SilverRows(world.CreateFactory(ranges.Domain));
    }

    /// <summary>The table's name in its layer.</summary>
    public string TableName => Ranges.Domain.SilverTable;

    /// <summary>Whether it has records of other lakes and domains too, of which nothing is known.</summary>
    public bool TakesForeign { get; init; }

    /// <summary>The repaired records that it has taken.</summary>
    public required ReplayedRows Replayed { get; init; }

    /// <summary>Whether it was made of repaired records that the world does not have.</summary>
    public bool HasRepairedOthers => Replayed.All.Any(replay => HasTaken(replay.Batch) && Ranges.Find(new RecordRows(_world.CreateFactory(Ranges.Domain)).Find(replay.Bytes)) < 0);

    /// <summary>Whether its progress says that it was made of all that Bronze has.</summary>
    public bool IsOfAllBronze { get; init; }

    /// <summary>Whether it was made of a batch of Bronze: it says so, or has a record of the batch or a later one.</summary>
    public bool HasTaken(long batch) => IsOfAllBronze || batch <= _lastBatch;

    /// <summary>Whether nothing is wrong with a row and those beside it.</summary>
    /// <param name="row">The row, which was delivered.</param>
    public bool IsSound(long row) => Ranges.Find(row) is int range and >= 0 && Ranges.Ranges[range].IsAudited && Expected.Agrees(Found, Ranges.SlotOf(row));

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
    public override void Save(BinaryWriter state)
    {
        base.Save(state);
        state.Write(_lastBatch);
        Replayed.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(BinaryReader state)
    {
        base.Load(state);
        _lastBatch = Math.Max(_lastBatch, state.ReadInt64());
        Replayed.Load(state);
    }

    /// <inheritdoc/>
    private protected override async Task ExamineAsync(Lake lake, BlockComparison comparison, ExpectedRecords expected, CancellationToken cancellationToken)
    {
        ReplayComparison replays = new(Ranges.Domain.Schema, Replayed, _rows, replay => _bronze?.IngestedAt(replay));
        SilverExamination examination = new(Ranges, comparison, expected, _rows, replays, _altered, Tally) { TakesForeign = TakesForeign };
        await (Scan?.VisitAsync(examination.Examine, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        QuarantinedRows quarantined = new(lake.Store, _quarantine, Ranges.Domain, expected.Factory);
        await quarantined.ReadAsync(Tally, cancellationToken).ConfigureAwait(false);
        examination.ReportMissing(quarantined, WaitingReplays(expected));
    }

    /// <inheritdoc/>
    private protected override async Task ExamineMoreAsync(ExpectedRecords expected, CancellationToken cancellationToken)
    {
        if (_bronze is not null && Scan is not null && Enumerable.Range(0, Ranges.Slots).Any(_bronze.Lineage.Differs))
        {
            QuarantinedRows quarantined = new(_lake.Store, _quarantine, Ranges.Domain, expected.Factory);
            if (Replayed.Any)
            {
                await quarantined.ReadAsync(Tally, cancellationToken).ConfigureAwait(false);
            }

            await new LineageExamination(Ranges, _bronze, Scan, _rows, quarantined, expected, _altered, Tally).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // The batches of repaired records that Bronze has and this table has not, by the rows that they repair.
    private Dictionary<long, long> WaitingReplays(ExpectedRecords expected)
    {
        Dictionary<long, long> waiting = [];
        foreach (Replay replay in Replayed.All.Where(replay => !HasTaken(replay.Batch)))
        {
            if (new RecordRows(expected.Factory).Find(replay.Bytes) is long row and >= 0)
            {
                waiting.TryAdd(row, replay.Batch);
            }
        }

        return waiting;
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
            if (range < 0 || _rows.ReplayOf(row) is not null)
            {
                Replayed.Note(_rows.ReplayOf(row), isOwn: range >= 0);
            }

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
