using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;

namespace LakehouseLab.Audit.Raw;

/// <summary>The audit of a domain's raw records.</summary>
internal sealed class RawPart : IAuditPart, IAsyncDisposable
{
    private readonly EmulatedWorld _world;
    private readonly DomainRanges _ranges;
    private readonly RawExamination _examination;
    private readonly StrangerExamination _strangers;

    /// <summary>Prepares the audit.</summary>
    public RawPart(Lake lake, EmulatedWorld world, DomainRanges ranges, IReadOnlyDictionary<string, IngestedObject> ingested)
    {
        _world = world;
        ranges = ranges.Only(static manifest => manifest.Sync != SyncSystem.Kafka);
        _ranges = ranges;
        Tally = new Tally(AuditLayer.Raw, LakeLayout.RawOf(ranges.Schema.Name).TrimEnd('/'), ranges);
        ManifestStore manifests = new(lake.Store);
        Comparison = new RawComparison(manifests, ranges.Schema, Tally);
        _examination = new RawExamination(manifests, ranges, Tally);
        _strangers = new StrangerExamination(lake.Store, ranges, ingested, Tally);
    }

    /// <inheritdoc/>
    public AuditLayer Layer => AuditLayer.Raw;

    /// <inheritdoc/>
    public Tally Tally { get; }

    /// <inheritdoc/>
    public string? Difference => Comparison.Different.Count == 0 ? null : Comparison.Different.Count == 1 ? "an object is lost or not as it was delivered"
        : FormattableString.Invariant($"{Comparison.Different.Count:#,0} objects are lost or not as they were delivered");

    /// <summary>Compares the chunks with the rows that it sees.</summary>
    public RawComparison Comparison { get; }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ScanAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Save(BinaryWriter state)
    {
        Tally.Save(state);
        Comparison.Save(state);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader state)
    {
        Tally.Load(state);
        Comparison.Load(state, _ranges);
    }

    /// <inheritdoc/>
    public async Task ExamineAsync(CancellationToken cancellationToken)
    {
        ExpectedRecords expected = new(_world, _ranges);
        await _examination.ExamineAsync(Comparison.Different, expected, cancellationToken).ConfigureAwait(false);
        if (_ranges.AreAllAudited)
        {
            await _strangers.ExamineAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (DeliveredRange range in _ranges.Ranges.Where(range => range.IsAudited))
        {
            if (!range.Manifest.IsEnded)
            {
                Tally.Note(FormattableString.Invariant($"emulation {range.Manifest.Id} has not ended: of these rows it delivered {range.Rows:#,0} so far"));
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Comparison.DisposeAsync();
}
