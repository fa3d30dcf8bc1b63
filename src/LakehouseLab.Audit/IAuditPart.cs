using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Audit;

/// <summary>The audit of one table, or of one domain's raw records. First everything is read once, then what differs is looked at.</summary>
internal interface IAuditPart
{
    /// <summary>The layer.</summary>
    AuditLayer Layer { get; }

    /// <summary>What it found.</summary>
    Tally Tally { get; }

    /// <summary>Reads what lies there. Runs beside other parts and beside the passes over the world's rows.</summary>
    Task ScanAsync(CancellationToken cancellationToken);

    /// <summary>Looks at what differs from the world's rows, once all is read.</summary>
    Task ExamineAsync(CancellationToken cancellationToken);
}
