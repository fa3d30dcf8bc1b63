using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;
using LakehouseLab.Delta.Schema;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Gold;

/// <summary>A table whose rows are made from many records, as the audit makes them: the key's columns first, and the month before those of a table by month.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Declaration">What its log should declare.</param>
/// <param name="Key">The columns of its key; first the month, if it has one.</param>
/// <param name="Values">Its other columns.</param>
internal sealed record GoldTable(AuditLayer Layer, TableDeclaration Declaration, IReadOnlyList<TableColumn> Key, IReadOnlyList<TableColumn> Values)
{
    /// <summary>The table, as messages name it.</summary>
    public string FullName => Declaration.Name;

    /// <summary>Whether its rows are of a month each.</summary>
    public bool IsMonthly => Declaration.PartitionBy is not null;

    /// <summary>How many of the values are compared in every row when a sample is asked for; the last of them is the user. Null when it is never sampled.</summary>
    public int? SampledAfter { get; init; }

    /// <summary>How long before its month records are that a row depends on, in milliseconds.</summary>
    public long LookbackMs { get; init; }

    /// <summary>The table of a declaration.</summary>
    /// <param name="layer">Its layer.</param>
    /// <param name="declared">What it is declared with.</param>
    /// <param name="monthOf">The column from which a row's month follows; null when no column tells.</param>
    /// <param name="uuid">The column whose texts are UUIDs; null when there is none.</param>
    /// <exception cref="NotSupportedException">Its key does not come first.</exception>
    public static GoldTable Of(AuditLayer layer, DeclaredTable declared, string? monthOf = null, string? uuid = null)
    {
        TableDeclaration declaration = TableDeclaration.Of(declared);
        TableColumn[] columns = [.. declaration.Columns.Select(column => column.Name == uuid ? column with { Type = FieldType.Uuid } : column)];
        HashSet<string> key = [.. declared.Key, .. declared.PartitionBy is { } month ? (string[])[month] : []];
        return columns.Take(key.Count).All(column => key.Contains(column.Name)) && columns[0].Name == (declared.PartitionBy ?? columns[0].Name)
            ? new GoldTable(layer, declaration with { Columns = columns, MonthOf = monthOf }, columns[..key.Count], columns[key.Count..])
            : throw new NotSupportedException($"{declared.Name} does not begin with its key, behind its month, as the audit makes its rows");
    }
}
