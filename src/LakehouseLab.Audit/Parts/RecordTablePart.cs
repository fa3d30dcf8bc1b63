using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;

namespace LakehouseLab.Audit.Parts;

/// <summary>
/// The audit of a table of records: sums of hashes per block of the world's rows are compared, and only the records of blocks
/// whose sums differ are looked at one by one.
/// </summary>
internal abstract class RecordTablePart : IAuditPart, IRowObserver
{
    private readonly Lake _lake;
    private readonly EmulatedWorld _world;
    private readonly TableDeclaration _table;
    private readonly Shard _shard;
    private readonly IProgress<AuditProgress>? _progress;

    private protected RecordTablePart(AuditLayer layer, TableDeclaration table, Lake lake, EmulatedWorld world, DomainRanges ranges, Shard shard, IProgress<AuditProgress>? progress)
    {
        _lake = lake;
        _world = world;
        _table = table;
        _shard = shard;
        _progress = progress;
        Layer = layer;
        Ranges = ranges;
        Expected = new BlockSums(ranges.Slots);
        Found = new BlockSums(ranges.Slots);
        Tally = new Tally(layer, table.Name, ranges);
    }

    /// <inheritdoc/>
    public AuditLayer Layer { get; }

    /// <inheritdoc/>
    public Tally Tally { get; }

    /// <inheritdoc/>
    public abstract bool NeedsLines { get; }

    /// <summary>The domain's ranges.</summary>
    private protected DomainRanges Ranges { get; }

    /// <summary>Sums of what should be there.</summary>
    private protected BlockSums Expected { get; }

    /// <summary>Sums of what is there.</summary>
    private protected BlockSums Found { get; }

    /// <summary>Whether something is there that is none of the world's rows.</summary>
    private protected bool HasOthers { get; set; }

    /// <summary>The table, once it is open.</summary>
    private protected TableScan? Scan { get; private set; }

    /// <inheritdoc/>
    public abstract ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Complete()
    {
        // The sums are complete with the last row.
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        Scan = await TableScan.OpenAsync(_lake.Store, _table, Tally, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        long done = 0;
        await (Scan?.CheckAsync(
            _shard,
            group =>
            {
                Sum(group);
                done += group.Rows;
                _progress?.Report(new AuditProgress(Tally.Name, done, Math.Max(done, Tally.Expected)));
            },
            cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public virtual void Save(BinaryWriter state)
    {
        Tally.Save(state);
        Expected.Save(state);
        Found.Save(state);
        state.Write(HasOthers);
    }

    /// <inheritdoc/>
    public virtual void Load(BinaryReader state)
    {
        Tally.Load(state);
        Expected.Load(state);
        Found.Load(state);
        HasOthers |= state.ReadBoolean();
    }

    /// <inheritdoc/>
    public async Task ExamineAsync(CancellationToken cancellationToken)
    {
        if (!Tally.IsThere)
        {
            return;
        }

        BlockComparison comparison = new(Ranges, Expected, Found);
        comparison.CountAgreeing(Tally);
        ExpectedRecords expected = new(_world, Ranges);
        if (comparison.AnyDiffers || HasOthers)
        {
            await ExamineAsync(_lake, comparison, expected, cancellationToken).ConfigureAwait(false);
        }

        await ExamineMoreAsync(expected, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Learns what must be known before anything is read.</summary>
    private protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Looks at what is held against other tables.</summary>
    private protected virtual Task ExamineMoreAsync(ExpectedRecords expected, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds a row group to <see cref="Found"/>.</summary>
    private protected abstract void Sum(TableGroup group);

    /// <summary>Looks at the records of blocks that differ, and at what is none of the world's rows.</summary>
    private protected abstract Task ExamineAsync(Lake lake, BlockComparison comparison, ExpectedRecords expected, CancellationToken cancellationToken);
}
