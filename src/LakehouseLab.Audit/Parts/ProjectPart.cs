using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Audit.Parts;

/// <summary>A table that is not audited, since a model of a project had a part in it.</summary>
internal sealed class ProjectPart : IAuditPart
{
    /// <summary>Makes the part.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="table">The table.</param>
    /// <param name="reason">Why it is not audited.</param>
    /// <param name="isThere">Whether the table is there.</param>
    public ProjectPart(AuditLayer layer, string table, string reason, bool isThere)
    {
        Layer = layer;
        Tally = new Tally(layer, table) { NotAudited = reason, IsThere = isThere };
    }

    /// <inheritdoc/>
    public AuditLayer Layer { get; }

    /// <inheritdoc/>
    public Tally Tally { get; }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Save(BinaryWriter state)
    {
        // Nothing is read.
    }

    /// <inheritdoc/>
    public void Load(BinaryReader state)
    {
        // Nothing was read.
    }

    /// <inheritdoc/>
    public Task ScanAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ExamineAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
