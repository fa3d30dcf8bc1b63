using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Audit.Parts;

/// <summary>
/// The audit of one table, or of one domain's raw records. First everything is read once, then what differs is looked at. Several shards may read a part each, and
/// save what they have read for whoever looks at all of it.
/// </summary>
internal interface IAuditPart
{
    /// <summary>The layer.</summary>
    AuditLayer Layer { get; }

    /// <summary>What it found.</summary>
    Tally Tally { get; }

    /// <summary>What differs as far as reading alone shows, in a few words; null when nothing does.</summary>
    string? Difference => null;

    /// <summary>Learns what must be known before anything is read or looked at.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Reads what is there, of the files of a table those of the shard. Runs beside other parts and beside the passes over the world's rows.</summary>
    Task ScanAsync(CancellationToken cancellationToken);

    /// <summary>Writes all that reading has shown.</summary>
    void Save(BinaryWriter state);

    /// <summary>Adds what a shard has read, in the order of shards.</summary>
    void Load(BinaryReader state);

    /// <summary>Looks at what differs from the world's rows, once all is read.</summary>
    Task ExamineAsync(CancellationToken cancellationToken);
}
