using System.Text.Json.Nodes;

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>Changes a table as one who knows Delta does: what its log says of the file that changed is changed with it.</summary>
internal static class TableEdits
{
    /// <summary>One row of a table of records.</summary>
    public const string OneRow = "_offset = 7 AND _source = (SELECT min(_source) FROM this)";

    /// <summary>Another.</summary>
    public const string OtherRow = "_offset = 9 AND _source = (SELECT min(_source) FROM this)";

    /// <summary>The largest data file of a table.</summary>
    public static string FileOf(this AuditedLake lake, string table) => TableTampering.Files(lake, table).MaxBy(path => new FileInfo(path).Length)!;

    /// <summary>Replaces the largest file's rows by those of a query.</summary>
    public static void Replace(this AuditedLake lake, string table, string query) => TableTampering.Rewrite(lake.FileOf(table), query);

    /// <summary>Sets a column of some rows of the largest file.</summary>
    public static void Set(this AuditedLake lake, string table, string column, string value, string where = OneRow) =>
        lake.Replace(table, $"SELECT * REPLACE (CASE WHEN {where} THEN {value} ELSE {column} END AS {column}) FROM this");

    /// <summary>Exchanges a column's values of two rows of the largest file.</summary>
    public static void Exchange(this AuditedLake lake, string table, string column, string one = OneRow, string other = OtherRow) => lake.Replace(table, $"""
        SELECT * REPLACE (CASE WHEN {one} THEN (SELECT {column} FROM this WHERE {other}) WHEN {other} THEN (SELECT {column} FROM this WHERE {one}) ELSE {column} END AS {column}) FROM this
        """);

    /// <summary>Appends actions to the table's newest commit.</summary>
    public static void Append(this AuditedLake lake, string table, params JsonObject[] actions) =>
        File.AppendAllLines(lake.CommitsOf(table)[^1], actions.Select(action => action.ToJsonString()));

    /// <summary>The commits of a table, the oldest first.</summary>
    public static string[] CommitsOf(this AuditedLake lake, string table) =>
        [.. Directory.GetFiles(lake.PathOf($"{table}/_delta_log"), "*.json").Order(StringComparer.Ordinal)];

    /// <summary>The first live file of a table as its log lists it.</summary>
    public static JsonObject FirstAdd(this AuditedLake lake, string table)
    {
        JsonObject? first = null;
        TableTampering.ChangeFirst(lake, table, "add", add => first = add.DeepClone().AsObject());
        return first!;
    }

    /// <summary>Where an object of the lake is stored.</summary>
    public static string PathOf(this AuditedLake lake, string key) => Path.Combine(lake.Folder, key);
}
