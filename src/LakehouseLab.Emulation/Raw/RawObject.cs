using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Destinations;

namespace LakehouseLab.Emulation.Raw;

/// <summary>A raw object as a batch of Bronze ingested it. Progress records keep it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Format">Format of its records.</param>
/// <param name="Emulation">The emulation whose chunk it is, or null for an object of others.</param>
/// <param name="Location">The store that holds it; null for the lake itself.</param>
public sealed record RawObject(
    string Key,
    long Length,
    string Format,
    Guid? Emulation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Location = null)
{
    /// <summary>XXH128 of its bytes, in hexadecimal: for a chunk as its manifest lists it; null in records of older programs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Checksum { get; init; }

    /// <summary>How many records it gave; null until its batch has read it, and in records of older programs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Records { get; init; }

    /// <summary>When it was last modified; null in records of older programs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Modified { get; init; }

    /// <summary>How many times its key has been ingested with this content, from 2 on; null for the first time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Ingestion { get; init; }

    /// <summary>What <c>_source</c> of its records says: its key and, behind <c>#</c>, which ingestion of it this is, from the second on.</summary>
    [JsonIgnore]
    public string Source => Ingestion is { } number ? FormattableString.Invariant($"{Key}#{number}") : Key;

    /// <summary>Where it was delivered to.</summary>
    [JsonIgnore]
    public Destination Destination => Location is null ? Destination.Lake : new Destination(SyncSystem.Minio, Location);
}
