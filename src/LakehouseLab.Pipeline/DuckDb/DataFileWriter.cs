using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Statistics;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>A data file that lies in its table's folder and waits for its commit.</summary>
/// <param name="Add">The action that makes it part of the table.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Nulls">Nulls by column, as far as the file tells.</param>
internal sealed record WrittenFile(AddFile Add, long Rows, IReadOnlyDictionary<string, long> Nulls);

/// <summary>Lets DuckDB write a query's rows as data files of a table. What is not committed afterwards is nobody's, and vacuum deletes it.</summary>
internal sealed class DataFileWriter(DuckDbSession session, DeltaTable table, StructType schema, ScratchFolder scratch, TimeProvider clock)
{
    // Large enough that a scan is few requests, small enough to be rewritten.
    private const string Options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880";
    private const string FileSize = "512MB";
    private int _outputs;

    /// <summary>Writes rows in their order into one file.</summary>
    /// <returns>The file; none when there are no rows.</returns>
    public async Task<IReadOnlyList<WrittenFile>> WriteOneAsync(string query, CancellationToken cancellationToken)
    {
        string path = NextPath() + ".parquet";
        await session.ExecuteAsync($"COPY ({query}) TO {DuckDbSession.Literal(path)} ({Options})", cancellationToken).ConfigureAwait(false);
        return await PublishAsync([path], NoPartition, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes rows into files of a sensible size.</summary>
    public async Task<IReadOnlyList<WrittenFile>> WriteAsync(string query, CancellationToken cancellationToken)
    {
        string folder = NextPath();
        await session.ExecuteAsync($"COPY ({query}) TO {DuckDbSession.Literal(folder)} ({Options}, FILE_SIZE_BYTES '{FileSize}')", cancellationToken).ConfigureAwait(false);
        return await PublishAsync(Directory.EnumerateFiles(folder), NoPartition, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes rows into files of one partition each.</summary>
    /// <param name="query">The query; the partition column is one of its columns.</param>
    /// <param name="partitionBy">The partition column, of type DATE or STRING.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public async Task<IReadOnlyList<WrittenFile>> WritePartitionsAsync(string query, string partitionBy, CancellationToken cancellationToken)
    {
        string folder = NextPath();
        await session.ExecuteAsync($"COPY ({query}) TO {DuckDbSession.Literal(folder)} ({Options}, PARTITION_BY ({DuckDbSession.Name(partitionBy)}))", cancellationToken).ConfigureAwait(false);
        List<WrittenFile> written = [];
        foreach (string partition in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            // DuckDB names a partition's folder COLUMN=VALUE, url-encoded.
            string value = Uri.UnescapeDataString(Path.GetFileName(partition)[(partitionBy.Length + 1)..]);
            Dictionary<string, string?> values = new() { [partitionBy] = value };
            written.AddRange(await PublishAsync(Directory.EnumerateFiles(partition), values, cancellationToken).ConfigureAwait(false));
        }

        return written;
    }

    private static IReadOnlyDictionary<string, string?> NoPartition { get; } = new Dictionary<string, string?>();

    private string NextPath() => scratch.PathOf(string.Create(CultureInfo.InvariantCulture, $"output-{_outputs++:D6}"));

    private async Task<IReadOnlyList<WrittenFile>> PublishAsync(IEnumerable<string> paths, IReadOnlyDictionary<string, string?> partition, CancellationToken cancellationToken)
    {
        List<WrittenFile> written = [];
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            (string statistics, long rows) = ParquetStatistics.Read(path, schema);
            if (rows > 0)
            {
                written.Add(new WrittenFile(await PublishAsync(path, partition, statistics, cancellationToken).ConfigureAwait(false), rows, NullsOf(statistics)));
            }
        }

        return written;
    }

    private async Task<AddFile> PublishAsync(string path, IReadOnlyDictionary<string, string?> partition, string statistics, CancellationToken cancellationToken)
    {
        using StagedFile staged = table.Store.Stage(".parquet");
        File.Move(path, staged.Path);
        string name = $"part-{new Guid(RandomNumberGenerator.GetBytes(16))}.parquet";
        string key = string.Concat(partition.Select(pair => $"{pair.Key}={pair.Value}/")) + name;
        long size = new FileInfo(staged.Path).Length;
        await staged.TryPublishAsync(table.KeyOf(key), cancellationToken).ConfigureAwait(false);
        return new AddFile(key, partition, size, clock.GetUtcNow().ToUnixTimeMilliseconds(), DataChange: true, statistics);
    }

    private static Dictionary<string, long> NullsOf(string statistics)
    {
        using JsonDocument document = JsonDocument.Parse(statistics);
        return document.RootElement.GetProperty("nullCount").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetInt64());
    }
}
