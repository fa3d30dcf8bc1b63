using System.ComponentModel;

namespace LakehouseLab.Audit.Reports;

/// <summary>What a table has not ingested yet, which is not a loss.</summary>
/// <param name="Records">How many records of the layer below wait for it.</param>
/// <param name="Remedy">The command that catches up.</param>
public sealed record Backlog(
    [property: Description("How many records of the layer below wait for it.")] long Records,
    [property: Description("The command that catches up.")] string Remedy)
{
    /// <summary>The months that waiting records touch and that were not compared, as first days; empty for a table without months.</summary>
    [Description("The months that waiting records touch, as first days: they were not compared.")]
    public IReadOnlyList<DateOnly> Months { get; init; } = [];
}
