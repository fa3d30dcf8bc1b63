using System.Text.Json.Serialization;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Manifests;

/// <summary>What an emulation is and how far it got. Its chunks are listed in immutable parts beside it.</summary>
/// <param name="Id">The emulation.</param>
/// <param name="World">Settings of its world.</param>
/// <param name="Domain">The domain.</param>
/// <param name="Format">Format of the records.</param>
/// <param name="Labels">Whether records carry labels.</param>
/// <param name="FirstRow">First row.</param>
/// <param name="Rows">Rows in all, made or still to be made.</param>
/// <param name="State">How far it got.</param>
/// <param name="DeliveredRows">Rows in its chunks, as of this writing.</param>
/// <param name="DeliveredBytes">Bytes of its chunks, as of this writing.</param>
/// <param name="Chunks">How many chunks, as of this writing.</param>
public sealed record Manifest(
    Guid Id,
    WorldSettings World,
    string Domain,
    string Format,
    bool Labels,
    long FirstRow,
    long Rows,
    EmulationState State,
    long DeliveredRows,
    long DeliveredBytes,
    int Chunks)
{
    /// <summary>The row after the last.</summary>
    [JsonIgnore]
    public long EndRow => FirstRow + Rows;
}

/// <summary>How far an emulation got.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EmulationState>))]
public enum EmulationState
{
    /// <summary>It makes rows, or was killed while it did: the same command continues it.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It was interrupted at a chunk's edge: the same command continues it.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>All its rows are there.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,
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
