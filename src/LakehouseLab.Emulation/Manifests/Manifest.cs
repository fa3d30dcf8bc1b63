using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Emulation.Manifests;

/// <summary>What an emulation is and how far it got. Its chunks are listed in immutable parts beside it.</summary>
/// <param name="Id">The emulation.</param>
/// <param name="World">Settings of its world.</param>
/// <param name="Domain">The domain.</param>
/// <param name="Format">Format of the records.</param>
/// <param name="Compression">Compression of the objects that hold them.</param>
/// <param name="Labels">Whether records carry labels.</param>
/// <param name="Sync">The system that its records are delivered to.</param>
/// <param name="Ranges">Its rows, made or still to be made: ranges in order, none of them next to another.</param>
/// <param name="State">How far it got.</param>
/// <param name="DeliveredRows">Rows delivered, as of this writing.</param>
/// <param name="DeliveredBytes">Bytes delivered, as of this writing.</param>
/// <param name="Chunks">How many chunks, as of this writing.</param>
public sealed record Manifest(
    Guid Id,
    WorldSettings World,
    string Domain,
    string Format,
    string Compression,
    bool Labels,
    SyncSystem Sync,
    IReadOnlyList<ManifestRange> Ranges,
    EmulationState State,
    long DeliveredRows,
    long DeliveredBytes,
    int Chunks)
{
    /// <summary>The place in the system; null for the lake itself.</summary>
    public string? Location { get; init; }

    /// <summary>Tells the place from another that later has the same name: a topic's id; null where names are enough.</summary>
    public string? PlaceId { get; init; }

    /// <summary>What is promised of its messages; null when it makes objects.</summary>
    public DeliveryGuarantee? Delivery { get; init; }

    /// <summary>Rows that were asked for; null when it goes on until it is ended.</summary>
    public long? Rows { get; init; }

    /// <summary>Whether nothing more will come.</summary>
    [JsonIgnore]
    public bool IsEnded => State is EmulationState.Completed or EmulationState.Cancelled;

    /// <summary>First row.</summary>
    [JsonIgnore]
    public long FirstRow => Ranges[0].FirstRow;

    /// <summary>The row after the last.</summary>
    [JsonIgnore]
    public long EndRow => Ranges[^1].EndRow;

    /// <summary>Where the records go.</summary>
    [JsonIgnore]
    public Destination Destination => new(Sync, Location);

    /// <summary>What is in its chunks.</summary>
    /// <exception cref="LakeException">The manifest names a format that this program does not know.</exception>
    [JsonIgnore]
    public ChunkFormat ChunkFormat => ChunkFormat.TryParse(Format, Compression)
        ?? throw new LakeException($"emulation {Id} has format {Format}, compression {Compression}, which this program does not know: use a newer program");

    /// <summary>Key of one of its chunks.</summary>
    /// <param name="number">The chunk's number, from 0.</param>
    /// <param name="firstRow">Its first row.</param>
    public string KeyOf(int number, long firstRow) => new ChunkKey(Domain, Id, number, firstRow, ChunkFormat.Extension).ToString();

    /// <summary>The row that follows another in the emulation: the next one, or the first of the next range.</summary>
    /// <param name="endRow">The row after the last that counts as done.</param>
    /// <returns>The row; where there is none, <paramref name="endRow"/>.</returns>
    public long NextAfter(long endRow)
    {
        foreach (ManifestRange range in Ranges)
        {
            if (endRow < range.EndRow)
            {
                return Math.Max(endRow, range.FirstRow);
            }
        }

        return endRow;
    }

    /// <summary>How many of its rows come before a row.</summary>
    public long CountBefore(long row) => Ranges.Sum(range => Math.Clamp(row - range.FirstRow, 0, range.Rows));

    /// <summary>The ranges up to a row; without any rows, the first one keeps its place.</summary>
    internal IReadOnlyList<ManifestRange> RangesBefore(long row) => row <= FirstRow
        ? [new ManifestRange(FirstRow, 0)]
        : [.. Ranges.Where(range => range.FirstRow < row).Select(range => range with { Rows = Math.Min(range.EndRow, row) - range.FirstRow })];
}

/// <summary>Consecutive rows of an emulation.</summary>
/// <param name="FirstRow">First row.</param>
/// <param name="Rows">How many.</param>
public sealed record ManifestRange(long FirstRow, long Rows)
{
    /// <summary>The row after the last.</summary>
    [JsonIgnore]
    public long EndRow => FirstRow + Rows;

    /// <summary>Puts ranges in order together, so that none is next to another.</summary>
    internal static IReadOnlyList<ManifestRange> Join(IEnumerable<RowRange> ranges)
    {
        List<ManifestRange> joined = [];
        foreach (RowRange range in ranges)
        {
            if (joined.Count > 0 && (joined[^1].EndRow == range.FirstRow || joined[^1].Rows == 0))
            {
                ManifestRange last = joined[^1];
                joined[^1] = last.Rows == 0 ? new ManifestRange(range.FirstRow, range.Rows) : last with { Rows = last.Rows + range.Rows };
            }
            else
            {
                joined.Add(new ManifestRange(range.FirstRow, range.Rows));
            }
        }

        return joined;
    }
}

/// <summary>How far an emulation got.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EmulationState>))]
public enum EmulationState
{
    /// <summary>It makes rows, or was killed while it did: it can be continued.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It was interrupted: it can be continued.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,

    /// <summary>It has ended, and its ranges say which rows were delivered.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It was ended before its time, and its ranges say which rows were delivered.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>A chunk: consecutive rows of one domain in one object.</summary>
/// <param name="Key">The object.</param>
/// <param name="Number">Its number in the emulation, from 0.</param>
/// <param name="FirstRow">First row.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Bytes">Size of the object.</param>
/// <param name="Checksum">XXH128 of the object's bytes, in hexadecimal.</param>
public sealed record ChunkInfo(string Key, int Number, long FirstRow, long Rows, long Bytes, string Checksum)
{
    /// <summary>The row after the last.</summary>
    [JsonIgnore]
    public long EndRow => FirstRow + Rows;
}
