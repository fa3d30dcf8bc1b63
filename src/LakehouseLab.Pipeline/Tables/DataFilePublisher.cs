using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Statistics;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>Moves local Parquet files into a table's folder. What is not committed afterwards is nobody's, and vacuum deletes it.</summary>
/// <param name="table">The table.</param>
/// <param name="schema">Its columns.</param>
/// <param name="clock">The clock.</param>
/// <param name="order">What names begin with, so that the names of an append-only table sort as its rows do.</param>
internal sealed class DataFilePublisher(DeltaTable table, StructType schema, TimeProvider clock, string order = "")
{
    private int _files;

    /// <summary>The values of a table without partitions.</summary>
    private static IReadOnlyDictionary<string, string?> NoPartition { get; } = new Dictionary<string, string?>();

    /// <summary>Moves files of a table without partitions, in the order of their paths; those without rows are left out.</summary>
    public Task<IReadOnlyList<WrittenFile>> PublishAsync(IEnumerable<string> paths, CancellationToken cancellationToken) =>
        PublishAsync(paths.Order(StringComparer.Ordinal).Select(static path => (path, NoPartition)), cancellationToken);

    /// <summary>Moves files, some at once, each with the values of its partition; those without rows are left out.</summary>
    public async Task<IReadOnlyList<WrittenFile>> PublishAsync(
        IEnumerable<(string Path, IReadOnlyDictionary<string, string?> Partition)> files, CancellationToken cancellationToken)
    {
        List<WrittenFile> written = [];
        await foreach (WrittenFile? file in Lookahead.RunAsync(files, Lookahead.Files, (file, token) => PublishAsync(file.Path, file.Partition, token), cancellationToken).ConfigureAwait(false))
        {
            written.AddRange(file is null ? [] : [file]);
        }

        return written;
    }

    private async Task<WrittenFile?> PublishAsync(string path, IReadOnlyDictionary<string, string?> partition, CancellationToken cancellationToken)
    {
        (string statistics, long rows) = ParquetStatistics.Read(path, schema);
        return rows > 0
            ? new WrittenFile(await PublishAsync(path, partition, statistics, cancellationToken).ConfigureAwait(false), rows, NullsOf(statistics))
            : null;
    }

    private async Task<AddFile> PublishAsync(string path, IReadOnlyDictionary<string, string?> partition, string statistics, CancellationToken cancellationToken)
    {
        using StagedFile staged = table.Store.Stage(".parquet");
        File.Move(path, staged.Path);
        string name = string.Create(CultureInfo.InvariantCulture, $"part-{order}{_files++:D5}-{new Guid(RandomNumberGenerator.GetBytes(16))}.parquet");
        string key = string.Concat(partition.Select(pair => $"{pair.Key}={pair.Value ?? "__HIVE_DEFAULT_PARTITION__"}/")) + name;
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
