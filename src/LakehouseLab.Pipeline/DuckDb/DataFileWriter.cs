using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Lets DuckDB write a query's rows as data files of a table, which wait for their commit.</summary>
internal sealed class DataFileWriter(DuckDbSession session, DeltaTable table, StructType schema, ScratchFolder scratch, TimeProvider clock, string outputs = "output")
{
    // Large enough that a scan is few requests, small enough to be rewritten.
    private const string Options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880";
    private const string FileSize = "512MB";

    // How the engine names the folder of rows without a value.
    private const string NoValue = "__HIVE_DEFAULT_PARTITION__";
    private readonly DataFilePublisher _publisher = new(table, schema, clock);
    private int _outputs;

    /// <summary>Writes rows in their order into one file.</summary>
    /// <returns>The file; none when there are no rows.</returns>
    public async Task<IReadOnlyList<WrittenFile>> WriteOneAsync(string query, CancellationToken cancellationToken)
    {
        string path = NextPath() + ".parquet";
        await session.ExecuteAsync($"COPY ({query}) TO {SqlText.Literal(path)} ({Options})", cancellationToken).ConfigureAwait(false);
        return await _publisher.PublishAsync([path], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes rows into files of a sensible size.</summary>
    public async Task<IReadOnlyList<WrittenFile>> WriteAsync(string query, CancellationToken cancellationToken)
    {
        string folder = NextPath();
        await session.ExecuteAsync($"COPY ({query}) TO {SqlText.Literal(folder)} ({Options}, FILE_SIZE_BYTES '{FileSize}')", cancellationToken).ConfigureAwait(false);
        return await _publisher.PublishAsync(Directory.EnumerateFiles(folder), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes rows into files of one partition each.</summary>
    /// <param name="query">The query; the partition column is one of its columns.</param>
    /// <param name="partitionBy">The partition column, of type DATE or STRING.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public async Task<IReadOnlyList<WrittenFile>> WritePartitionsAsync(string query, string partitionBy, CancellationToken cancellationToken)
    {
        string folder = NextPath();
        await session.ExecuteAsync($"COPY ({query}) TO {SqlText.Literal(folder)} ({Options}, PARTITION_BY ({SqlText.Quote(partitionBy)}))", cancellationToken).ConfigureAwait(false);
        return await _publisher.PublishAsync(Directory.GetDirectories(folder).Order(StringComparer.Ordinal).SelectMany(partition => FilesOf(partition, partitionBy)), cancellationToken).ConfigureAwait(false);
    }

    // DuckDB names a partition's folder COLUMN=VALUE, url-encoded.
    private static IEnumerable<(string Path, IReadOnlyDictionary<string, string?> Partition)> FilesOf(string folder, string column)
    {
        string value = Path.GetFileName(folder)[(column.Length + 1)..];
        Dictionary<string, string?> values = new() { [column] = value == NoValue ? null : Uri.UnescapeDataString(value) };
        return Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(path => (path, (IReadOnlyDictionary<string, string?>)values));
    }

    private string NextPath() => scratch.PathOf(string.Create(CultureInfo.InvariantCulture, $"{outputs}-{_outputs++:D6}"));
}
