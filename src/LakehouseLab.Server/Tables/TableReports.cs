using System.ComponentModel;
using System.Text.Json.Serialization;
using LakehouseLab.Pipeline.Querying;

namespace LakehouseLab.Server.Tables;

/// <summary>The tables of the lake.</summary>
internal sealed record TableList(IReadOnlyList<TableView> Tables);

/// <summary>A table at a glance.</summary>
internal sealed record TableView(
    string Layer,
    string Name,
    [property: Description("Its newest version; absent, as all figures, when it cannot be read.")] long? Version,
    [property: Description("Its rows; absent when its log does not tell.")] long? Rows,
    [property: Description("Its data files.")] int? Files,
    [property: Description("Their bytes.")] long? Bytes,
    [property: Description("When it was last committed to; absent when that commit was cleaned up.")] DateTimeOffset? LastChange,
    [property: Description("Why it cannot be read; absent when it can.")] string? Error,
    string Link)
{
    /// <summary>The document of a table.</summary>
    public static TableView Of(TableSummary table) => Of(new ListedTable(table.Name, table, null));

    /// <summary>The document of a table that may be unreadable.</summary>
    public static TableView Of(ListedTable table) => new(
        table.Name.Layer, table.Name.Name, table.Summary?.Version, table.Summary?.Rows, table.Summary?.Files, table.Summary?.Bytes, table.Summary?.Changed, table.Failure,
        $"/tables/{table.Name.Layer}/{table.Name.Name}");
}

/// <summary>A table with its schema and history.</summary>
internal sealed record TableDetails(TableView Table, IReadOnlyList<ColumnView> Columns, [property: Description("Its commits, newest first.")] IReadOnlyList<CommitView> History);

/// <summary>A column.</summary>
internal sealed record ColumnView(string Name, [property: Description("Its type in Delta's words.")] string Type, bool Nullable);

/// <summary>A commit.</summary>
internal sealed record CommitView(long Version, DateTimeOffset Timestamp, string? Operation, int FilesAdded, int FilesRemoved);

/// <summary>The answers about tables.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TableList))]
[JsonSerializable(typeof(TableDetails))]
internal sealed partial class TableReports : JsonSerializerContext;
