using LakehouseLab.Audit.Values;
using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Audit.Tables;

/// <summary>What a table's log should declare, and the columns as the audit reads them.</summary>
/// <param name="Name">The table, such as <c>silver.transactions</c>.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="PartitionBy">Its partition column; null when it has none.</param>
internal sealed record TableDeclaration(string Name, IReadOnlyList<TableColumn> Columns, string? PartitionBy = null)
{
    /// <summary>The columns in which Bronze, Silver and quarantine say where a record comes from.</summary>
    public static IReadOnlyList<TableColumn> Lineage { get; } =
        [TableColumn.Count("_batch"), TableColumn.Text("_source"), TableColumn.Count("_offset"), TableColumn.Instant("_ingested_at")];

    /// <summary>The column of a partition's first day, from which it follows; null when no column tells.</summary>
    public string? MonthOf { get; init; }

    /// <summary>Key of the table's folder in the lake.</summary>
    public string Prefix => Name.Replace('.', '/');

    /// <summary>The declaration of a table.</summary>
    public static TableDeclaration Of(DeclaredTable table) => new(table.Name, [.. table.Schema.Fields.Select(TableColumn.Of)], table.PartitionBy);
}
