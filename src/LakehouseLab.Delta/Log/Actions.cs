using System.Text.Json;
using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Delta.Log;

/// <summary>What an action of the log says (Delta protocol, "Actions").</summary>
public abstract record DeltaAction;

/// <summary>Which readers and writers a table asks for.</summary>
/// <param name="MinReaderVersion">Least version of a reader.</param>
/// <param name="MinWriterVersion">Least version of a writer.</param>
/// <param name="ReaderFeatures">Features that a reader must know, at reader version 3.</param>
/// <param name="WriterFeatures">Features that a writer must know, at writer version 7.</param>
public sealed record Protocol(
    int MinReaderVersion, int MinWriterVersion, IReadOnlyList<string> ReaderFeatures, IReadOnlyList<string> WriterFeatures) : DeltaAction
{
    /// <summary>What this library writes: readable by every Delta reader.</summary>
    public static Protocol Basic { get; } = new(1, 2, [], []);
}

/// <summary>What a table is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Schema">Its columns, those of its partitions among them.</param>
/// <param name="PartitionColumns">The columns by which it is partitioned.</param>
/// <param name="Configuration">Its properties.</param>
/// <param name="CreatedTime">When it was made, in Unix milliseconds.</param>
/// <param name="Description">What it holds, or null.</param>
/// <param name="Name">Its name, or null.</param>
public sealed record TableMetadata(
    string Id,
    StructType Schema,
    IReadOnlyList<string> PartitionColumns,
    IReadOnlyDictionary<string, string> Configuration,
    long? CreatedTime,
    string? Description = null,
    string? Name = null) : DeltaAction
{
    /// <summary>The one format of data files.</summary>
    public const string Parquet = "parquet";

    /// <summary>Format of the data files.</summary>
    public string Format { get; init; } = Parquet;
}

/// <summary>A data file of a table.</summary>
/// <param name="Path">Path below the table's root, decoded; or an absolute path of this machine; or the URI of an object of another store.</param>
/// <param name="PartitionValues">Value of each partition column as text; null for null.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModificationTime">When it was made, in Unix milliseconds.</param>
/// <param name="DataChange">Whether its rows are new to the table, and not those of other files rearranged.</param>
/// <param name="Statistics">Statistics as JSON, or null.</param>
public sealed record AddFile(
    string Path,
    IReadOnlyDictionary<string, string?> PartitionValues,
    long Size,
    long ModificationTime,
    bool DataChange,
    string? Statistics) : DeltaAction
{
    /// <summary>The path as the log spells it, in which it goes back there; until it was in one, percent-encoded.</summary>
    public string Spelling { get; init; } = LogPath.Encode(Path);

    /// <summary>Whether the file is not below the table's root, as one that a shallow clone shares with its source.</summary>
    public bool IsAbsolute => LogPath.IsAbsolute(Spelling);

    /// <summary>Whether rows of the file are deleted by a deletion vector, which this library does not read.</summary>
    public bool HasDeletionVector { get; init; }

    /// <summary>Rows of the file by its statistics; null when they do not tell.</summary>
    public long? Rows
    {
        get
        {
            if (Statistics is null)
            {
                return null;
            }

            try
            {
                using JsonDocument statistics = JsonDocument.Parse(Statistics);
                return statistics.RootElement.ValueKind == JsonValueKind.Object
                    && statistics.RootElement.TryGetProperty("numRecords", out JsonElement rows) && rows.ValueKind == JsonValueKind.Number
                    && rows.TryGetInt64(out long count) ? count : null;
            }
            catch (JsonException)
            {
                // Statistics are optional, and damaged ones are none.
                return null;
            }
        }
    }
}

/// <summary>A data file that is no longer of the table; kept for time travel.</summary>
/// <param name="Path">Its path, as an <see cref="AddFile"/> has it.</param>
/// <param name="DeletionTimestamp">When it was removed, in Unix milliseconds.</param>
/// <param name="DataChange">Whether its rows left the table, and did not go to other files.</param>
public sealed record RemoveFile(string Path, long? DeletionTimestamp, bool DataChange) : DeltaAction
{
    /// <summary>The path as the log spells it, in which it goes back there.</summary>
    public string Spelling { get; init; } = LogPath.Encode(Path);
}

/// <summary>How far an application has written to a table.</summary>
/// <param name="AppId">The application.</param>
/// <param name="Version">The version of its last commit, which grows.</param>
/// <param name="LastUpdated">When, in Unix milliseconds.</param>
public sealed record SetTransaction(string AppId, long Version, long? LastUpdated) : DeltaAction;

/// <summary>Who committed what.</summary>
/// <param name="Timestamp">When, in Unix milliseconds.</param>
/// <param name="Operation">Name of the operation.</param>
/// <param name="Parameters">Its parameters as text.</param>
/// <param name="CommitId">Unique id of the commit, or null.</param>
/// <param name="InCommitTimestamp">When, in Unix milliseconds, where the table vouches that it grows from commit to commit.</param>
public sealed record CommitInfo(
    long? Timestamp, string? Operation, IReadOnlyDictionary<string, string> Parameters, string? CommitId, long? InCommitTimestamp) : DeltaAction
{
    /// <summary>What the writer's user had to say of it.</summary>
    public string? UserMetadata { get; init; }

    // The last millisecond of the year 9999.
    private const long LatestMilliseconds = 253_402_300_799_999;

    /// <summary>When, as far as the table vouches for it and the time is one.</summary>
    public DateTimeOffset? VouchedTime => InCommitTimestamp is >= 0 and <= LatestMilliseconds and { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
