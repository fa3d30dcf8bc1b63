using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>A table of a lake, readable or not: one that is damaged must not hide the others.</summary>
/// <param name="Name">The table.</param>
/// <param name="Summary">The table at a glance; null when it cannot be read.</param>
/// <param name="Failure">Why it cannot be read; null when it can.</param>
public sealed record ListedTable(TableName Name, TableSummary? Summary, string? Failure);
