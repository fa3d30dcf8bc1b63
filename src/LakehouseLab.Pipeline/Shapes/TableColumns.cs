using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>What is declared of the tables that a query reads.</summary>
internal static class TableColumns
{
    /// <summary>A table's columns.</summary>
    /// <param name="table">The table, as <c>layer.name</c>.</param>
    /// <param name="find">Gives the model of a table.</param>
    /// <returns>The columns, or null when nothing is declared of the table.</returns>
    public static IReadOnlyList<(string Name, SqlType Type)>? Of(string table, Func<TableName, Model?> find)
    {
        TableName? name = TableName.TryParse(table);
        IReadOnlyList<ModelColumn>? columns = name is null ? null
            : SchemaColumns.DomainOf(name) is { } domain ? SchemaColumns.Of(domain)
            : name == ReferenceTable.FxRates.Table ? ReferenceTable.FxRates.Columns
            : find(name)?.Columns;
        return columns is null ? null : [.. columns.Select(static column => (column.Name, TypeOf(column.Type)))];
    }

    /// <summary>A table's key; empty when none is declared.</summary>
    public static IReadOnlyList<string> KeyOf(string table, Func<TableName, Model?> find) =>
        TableName.TryParse(table) is not { } name ? [] : name == ReferenceTable.FxRates.Table ? ReferenceTable.FxRates.Key : find(name)?.Key ?? [];

    /// <summary>The column by which a table's rows are restricted to days, and that of its months; null when it has none.</summary>
    public static IReadOnlyList<string>? TimesOf(string table, Func<TableName, Model?> find) =>
        TableName.TryParse(table) is not { } name || find(name) is not { EventTime: { } time } model ? null
        : model is { Materialization: Materialization.ReplacePartitions, PartitionBy: { } month } && month != time ? [time, month] : [time];

    /// <summary>The type of a table's column.</summary>
    public static SqlType TypeOf(TableName table, string column, Func<TableName, Model?> find) =>
        Of(table.ToString(), find)!.First(known => known.Name == column).Type;

    /// <summary>A declared type.</summary>
    public static SqlType TypeOf(ColumnType type) => SqlType.TryParse(type.Name)!.Value;
}
