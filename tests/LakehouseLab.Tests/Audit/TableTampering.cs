using DuckDB.NET.Data;
using LakehouseLab.Delta;
using LakehouseLab.Storage;

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
