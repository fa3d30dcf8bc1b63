namespace LakehouseLab.Audit.Reports;

/// <summary>What an audit found.</summary>
/// <param name="Tables">One entry for each table and for each domain's raw records, by layer.</param>
public sealed record AuditReport(IReadOnlyList<TableAudit> Tables)
{
    /// <summary>Whether all is as expected.</summary>
    public bool IsClean => Tables.All(table => table.IsClean);
}
