using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Delta.Statistics;
using LakehouseLab.Storage.Files;

namespace LakehouseLab.Tests.Audit;

/// <summary>Changes the data files of a table behind the back of its log.</summary>
internal static class TableTampering
{
    /// <summary>The data files of the table's newest version, in order.</summary>
    public static IReadOnlyList<string> Files(AuditedLake lake, string table)
    {
        Snapshot snapshot = new DeltaTable(new FileSystemStore(lake.Folder), table).GetSnapshotAsync(CancellationToken.None).GetAwaiter().GetResult();
        return [.. snapshot.Files.Select(file => Path.Combine(lake.Folder, table, file.Path))];
    }

    /// <summary>Rewrites a data file with the rows of a query, in which <c>this</c> stands for its present rows.</summary>
    public static void Rewrite(string file, string query)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        string changed = file + ".changed";
        command.CommandText = $"""
            SET TimeZone = 'UTC';
            CREATE TABLE this AS FROM read_parquet('{file}', hive_partitioning = false);
            COPY ({query}) TO '{changed}' (FORMAT parquet, COMPRESSION zstd);
            """;
        command.ExecuteNonQuery();
        File.Move(changed, file, overwrite: true);
        Relist(file);
    }

    /// <summary>Changes the actions of a table's commits; null takes one away.</summary>
    public static void ChangeLog(AuditedLake lake, string table, Func<JsonObject, JsonObject?> change)
    {
        foreach (string commit in Directory.GetFiles(Path.Combine(lake.Folder, table, "_delta_log"), "*.json"))
        {
            IEnumerable<JsonObject?> actions = File.ReadAllLines(commit).Select(line => change(JsonNode.Parse(line)!.AsObject()));
            File.WriteAllLines(commit, actions.OfType<JsonObject>().Select(action => action.ToJsonString()));
        }
    }

    /// <summary>Changes the statistics of a table's files.</summary>
    public static void ChangeStatistics(AuditedLake lake, string table, Action<JsonObject> change) => ChangeLog(lake, table, action =>
    {
        if (action["add"] is JsonObject add)
        {
            JsonObject statistics = JsonNode.Parse((string)add["stats"]!)!.AsObject();
            change(statistics);
            add["stats"] = statistics.ToJsonString();
        }

        return action;
    });

    /// <summary>Changes the first action of a kind about a file that the newest version has.</summary>
    public static void ChangeFirst(AuditedLake lake, string table, string action, Action<JsonObject> change)
    {
        bool done = false;
        HashSet<string> live = [.. Files(lake, table).Select(path => Path.GetFullPath(path))];
        ChangeLog(lake, table, line =>
        {
            if (!done && line[action] is JsonObject found && live.Contains(Path.GetFullPath(Path.Combine(lake.Folder, table, Uri.UnescapeDataString((string)found["path"]!)))))
            {
                change(found);
                done = true;
            }

            return line;
        });
    }

    // Whoever changes a file with care lists it anew, so that its rows alone tell.
    private static void Relist(string file)
    {
        string table = Path.GetDirectoryName(file)!;
        while (!Directory.Exists(Path.Combine(table, "_delta_log")))
        {
            table = Path.GetDirectoryName(table)!;
        }

        Snapshot snapshot = new DeltaTable(new FileSystemStore(table), "").GetSnapshotAsync(CancellationToken.None).GetAwaiter().GetResult();
        foreach (string commit in Directory.GetFiles(Path.Combine(table, "_delta_log"), "*.json"))
        {
            string[] lines = File.ReadAllLines(commit);
            for (int line = 0; line < lines.Length; line++)
            {
                JsonObject action = JsonNode.Parse(lines[line])!.AsObject();
                if (action["add"] is JsonObject add && Path.GetFullPath(Path.Combine(table, Uri.UnescapeDataString((string)add["path"]!))) == Path.GetFullPath(file))
                {
                    add["size"] = new FileInfo(file).Length;
                    add["stats"] = ParquetStatistics.Read(file, snapshot.Metadata.Schema).Json;
                    lines[line] = action.ToJsonString();
                }
            }

            File.WriteAllLines(commit, lines);
        }
    }

    /// <summary>A value of a data file.</summary>
    public static T Read<T>(string file, string query)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"CREATE TABLE this AS FROM read_parquet('{file}', hive_partitioning = false); {query}";
        return (T)command.ExecuteScalar()!;
    }
}
