using System.ComponentModel;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Server.Audits;

/// <summary>What an audit found.</summary>
internal sealed record AuditFindings(
    [property: Description("Whether all is as it should be.")] bool Clean,
    [property: Description("What was found, by layer and table.")] IReadOnlyList<TableFindings> Tables)
{
    /// <summary>The document of a report.</summary>
    public static AuditFindings Of(AuditReport report) => new(report.IsClean, [.. report.Tables.Select(TableFindings.Of)]);
}

/// <summary>What an audit found in a table, or in a domain's raw records.</summary>
internal sealed record TableFindings(
    string Layer,
    string Table,
    [property: Description("Whether there is anything to read.")] bool There,
    bool Clean,
    [property: Description("The verdict in a few words.")] string Verdict,
    AuditCounts Counts,
    [property: Description("The same by emulation; empty in Gold.")] IReadOnlyList<EmulationCounts> Emulations,
    IReadOnlyList<string> Damages,
    IReadOnlyList<string> Notes,
    [property: Description("Some examples of each kind.")] IReadOnlyList<ExampleFinding> Examples)
{
    /// <summary>The document of a table's audit.</summary>
    public static TableFindings Of(TableAudit audit) => new(
        audit.Layer.ToString().ToLowerInvariant(), audit.Name, audit.IsThere, audit.IsClean, audit.Verdict, audit.Counts, audit.Emulations, audit.Damages, audit.Notes,
        [.. audit.Findings.Select(finding => new ExampleFinding(finding.Kind.ToString().ToLowerInvariant(), finding.Row, finding.Id, finding.Place, finding.Detail))]);
}

/// <summary>A record or row that is wrong.</summary>
internal sealed record ExampleFinding(string Kind, long? Row, string? Id, string? Place, string? Detail);
