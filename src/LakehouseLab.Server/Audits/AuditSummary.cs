using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Server.Audits;

/// <summary>An audit's result in short, for logs and metrics.</summary>
/// <param name="Verdict">One of <see cref="AllVerdicts"/>.</param>
/// <param name="Findings">How much is wrong, by layer: records, and findings that are not about a record.</param>
internal sealed record AuditSummary(string Verdict, IReadOnlyDictionary<string, long> Findings)
{
    /// <summary>All is as it should be.</summary>
    public const string Clean = "clean";

    /// <summary>What is there is as it should be, and more waits to be ingested.</summary>
    public const string Behind = "behind";

    private const string HasFindings = "findings";
    private const string Failed = "failed";

    /// <summary>Every verdict: clean, behind, with findings, and that it could not go on.</summary>
    public static IReadOnlyList<string> AllVerdicts { get; } = [Clean, Behind, HasFindings, Failed];

    /// <summary>The summary of a report.</summary>
    public static AuditSummary Of(AuditReport report) => new(
        report.Fault is not null ? Failed : !report.IsClean ? HasFindings : report.Tables.Any(table => table.Behind is not null) ? Behind : Clean,
        report.Tables.GroupBy(table => table.Layer.ToString().ToLowerInvariant()).ToDictionary(layer => layer.Key, layer => layer.Sum(CountFindings)));

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Verdict}, {Findings.Values.Sum()} findings");

    private static long CountFindings(TableAudit table) =>
        table.Counts.Missing + table.Counts.Duplicated - table.Counts.Permitted + table.Counts.Altered + table.Counts.Unexpected + table.Findings.Count(finding => finding.Records == 0);
}
