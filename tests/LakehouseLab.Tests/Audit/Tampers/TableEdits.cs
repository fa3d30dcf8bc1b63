using System.Text.Json.Nodes;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;

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

    /// <summary>Commits actions as the table's next version.</summary>
    public static void Commit(this AuditedLake lake, string table, params JsonObject[] actions)
    {
        string commit = lake.PathOf($"{table}/_delta_log/{lake.CommitsOf(table).Length:D20}.json");
        File.WriteAllLines(commit, actions.Prepend(new JsonObject { ["commitInfo"] = new JsonObject { ["operation"] = "WRITE" } }).Select(action => action.ToJsonString()));
    }

    /// <summary>Adds a data file with the rows of a query over the largest file.</summary>
    public static void Add(this AuditedLake lake, string table, string query, string name = "more")
    {
        string file = lake.FileOf(table);
        string copy = file.Replace("part-", $"{name}-part-", StringComparison.Ordinal);
        File.Copy(file, copy);
        JsonObject add = lake.AddOf(table, file);
        add["path"] = ((string)add["path"]!).Replace("part-", $"{name}-part-", StringComparison.Ordinal);
        lake.Commit(table, new JsonObject { ["add"] = add });
        TableTampering.Rewrite(copy, query);
    }

    /// <summary>Removes a data file from the table's newest version.</summary>
    public static void Remove(this AuditedLake lake, string table, string file) => lake.Commit(table, new JsonObject
    {
        ["remove"] = new JsonObject { ["path"] = (string)lake.AddOf(table, file)["path"]!, ["deletionTimestamp"] = 1_790_000_000_000, ["dataChange"] = true },
    });

    /// <summary>A data file as the table's log lists it.</summary>
    public static JsonObject AddOf(this AuditedLake lake, string table, string file)
    {
        JsonObject? found = null;
        TableTampering.ChangeLog(lake, table, action =>
        {
            found = action["add"] is JsonObject add && Path.GetFileName((string)add["path"]!) == Path.GetFileName(file) ? add.DeepClone().AsObject() : found;
            return action;
        });
        return found!;
    }

    /// <summary>The commits of a table, the oldest first.</summary>
    public static string[] CommitsOf(this AuditedLake lake, string table) =>
        [.. Directory.GetFiles(lake.PathOf($"{table}/_delta_log"), "*.json").Order(StringComparer.Ordinal)];

    /// <summary>Replaces text of the table's first commit, which must have it.</summary>
    public static void Declare(this AuditedLake lake, string table, string declared, string changed)
    {
        string commit = lake.CommitsOf(table)[0];
        string text = File.ReadAllText(commit);
        Assert.Contains(declared, text, StringComparison.Ordinal);
        File.WriteAllText(commit, text.Replace(declared, changed, StringComparison.Ordinal));
    }

    /// <summary>Commits nothing until a checkpoint is written, as it is with every tenth version.</summary>
    public static async Task CheckpointAsync(this AuditedLake lake, string name)
    {
        DeltaTable table = new(lake.Lake.Store, name);
        for (Snapshot snapshot = await table.GetSnapshotAsync(AuditedLake.Token); snapshot.Version % DeltaTransaction.CheckpointInterval != 0; snapshot = await table.GetSnapshotAsync(AuditedLake.Token))
        {
            DeltaTransaction transaction = DeltaTransaction.Begin(table, snapshot, TimeProvider.System);
            transaction.SetTransaction("stream", snapshot.Version);
            await transaction.CommitAsync("WRITE", new Dictionary<string, string>(), AuditedLake.Token);
        }

        Assert.True(File.Exists(lake.CheckpointOf(name)));
    }

    /// <summary>The checkpoint of a table.</summary>
    public static string CheckpointOf(this AuditedLake lake, string table) => Assert.Single(Directory.GetFiles(lake.PathOf($"{table}/_delta_log"), "*.checkpoint.parquet"));

    /// <summary>Where an object of the lake is stored.</summary>
    public static string PathOf(this AuditedLake lake, string key) => Path.Combine(lake.Folder, key);
}
