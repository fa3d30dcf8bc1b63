using System.ComponentModel;
using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>What an audit found. It is its own document: <see cref="AuditDocuments"/> writes it, and nobody else needs to.</summary>
/// <param name="Lake">The lake.</param>
/// <param name="Tables">One entry for each table, for each domain's raw records, and for what the lake says of itself, by layer.</param>
public sealed record AuditReport(
    string Lake,
    [property: JsonPropertyOrder(1), Description("What was found, by layer and table.")] IReadOnlyList<TableAudit> Tables)
{
    /// <summary>Whether all is as it should be.</summary>
    [JsonPropertyName("clean")]
    [Description("Whether all is as it should be.")]
    public bool IsClean => Fault is null && Tables.All(table => table.IsClean) && !(RequiresComplete && Tables.Any(table => table.Behind is not null));

    /// <summary>The verdicts of all tables together, each once.</summary>
    public IReadOnlyList<Verdict> Verdicts => Tables.SelectMany(table => table.Verdicts).Where(verdict => verdict != Verdict.Complete).Distinct().Order().ToList() is { Count: > 0 } verdicts ? verdicts
        : Fault is null ? [Verdict.Complete] : [];

    /// <summary>Whether being behind counts against the lake.</summary>
    [Description("Whether being behind counts against the lake.")]
    public bool RequiresComplete { get; init; }

    /// <summary>How long it took.</summary>
    [Description("How long it took.")]
    public double Seconds { get; init; }

    /// <summary>Why it could not go on; null when it could.</summary>
    [Description("Why it could not go on; absent when it could.")]
    public AuditFault? Fault { get; init; }

    /// <summary>The report of an audit that could not go on.</summary>
    public static AuditReport Of(string lake, AuditFault fault) => new(lake, []) { Fault = fault };

    /// <summary>The findings of all tables.</summary>
    [JsonIgnore]
    public IEnumerable<Finding> Findings => Tables.SelectMany(table => table.Findings);
}
