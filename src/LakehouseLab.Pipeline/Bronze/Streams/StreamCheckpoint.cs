using System.Globalization;
using System.Text;
using System.Text.Json;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Bronze.Streams;

/// <summary>
/// The folder in which Spark keeps how far a streaming query is: <c>metadata</c> names the query, <c>offsets/N</c> holds where micro-batch N ends and is written
/// before it, <c>commits/N</c> after it.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="table">The table that the query writes.</param>
/// <param name="start">Number of the progress record with which the stream begins.</param>
internal sealed class StreamCheckpoint(Lake lake, TableName table, long start)
{
    private const string Version = "v1";

    /// <summary>Key of the folder.</summary>
    public string Key { get; } = string.Create(CultureInfo.InvariantCulture, $"{LakeLayout.Checkpoints}{table}/{start:D12}");

    /// <summary>The folder, for messages.</summary>
    public string Place => $"{lake.Location}/{Key}";

    /// <summary>The query's id, which the <c>txn</c> of its commits carries.</summary>
    /// <returns>The id; null when Spark has not begun the query, or the folder is gone.</returns>
    /// <exception cref="LakeException">What names it is damaged.</exception>
    public async Task<string?> FindQueryAsync(CancellationToken cancellationToken)
    {
        string key = $"{Key}/metadata";
        if (await lake.Store.ReadAsync(key, cancellationToken).ConfigureAwait(false) is not { } json)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("id").GetString() ?? throw Damage(key, null);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Damage(key, exception);
        }
    }

    /// <summary>The last micro-batch that Spark knows to be in the table; -1 for none.</summary>
    public async Task<long> FindLastCommitAsync(CancellationToken cancellationToken)
    {
        string prefix = $"{Key}/commits/";
        long last = -1;
        await foreach (ObjectInfo item in lake.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (long.TryParse(item.Key.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long batch))
            {
                last = Math.Max(last, batch);
            }
        }

        return last;
    }

    /// <summary>Where a micro-batch ends.</summary>
    /// <returns>The next offsets; null when they are not there.</returns>
    /// <exception cref="LakeException">They are damaged.</exception>
    public async Task<IReadOnlyDictionary<(string Topic, int Partition), long>?> FindOffsetsAsync(long batch, CancellationToken cancellationToken)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{Key}/offsets/{batch}");
        if (await lake.Store.ReadAsync(key, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return null;
        }

        // The version, settings of the query, and a line for its one source.
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines is [Version, _, { } offsets] ? StreamOffsets.Parse(offsets, $"{lake.Location}/{key}") : throw Damage(key, null);
    }

    private LakeException Damage(string key, Exception? cause)
    {
        string message = $"{lake.Location}/{key} is damaged: restore the checkpoint from a copy, or run with {StreamPosition.Remedy}";
        return cause is null ? new LakeException(message) : new LakeException(message, cause);
    }
}
