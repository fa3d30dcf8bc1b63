using System.Text.Json.Serialization;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Emulation.Destinations;

/// <summary>Where an emulation's records are delivered. Claim and manifest are in its lake in any case.</summary>
/// <param name="Sync">The system.</param>
/// <param name="Location">The place in it: for <see cref="SyncSystem.Local"/> null, since that is the lake itself; for
/// <see cref="SyncSystem.Minio"/> <c>s3://bucket/prefix</c>; for <see cref="SyncSystem.Kafka"/> the topic.</param>
public sealed record Destination(SyncSystem Sync, string? Location)
{
    /// <summary>The lake's own raw folder.</summary>
    public static Destination Lake { get; } = new(SyncSystem.Local, null);

    /// <summary>The raw folder of a lake, wherever the lake is.</summary>
    /// <param name="location">The lake's location.</param>
    /// <exception cref="StorageLocationException">It is meant to be in S3 and is not a place there.</exception>
    public static Destination InLake(string location) =>
        S3Location.IsMeant(location) ? new Destination(SyncSystem.Minio, S3Location.Parse(location).ToString()) : Lake;

    /// <summary>The systems' names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Names { get; } = ["local", "minio", "kafka"];

    /// <summary>The system's name.</summary>
    public string Name => Names[(int)Sync];
}

/// <summary>A system that takes records.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SyncSystem>))]
public enum SyncSystem
{
    /// <summary>Files.</summary>
    [JsonStringEnumMemberName("local")]
    Local,

    /// <summary>Objects of an S3 store.</summary>
    [JsonStringEnumMemberName("minio")]
    Minio,

    /// <summary>Messages of a topic.</summary>
    [JsonStringEnumMemberName("kafka")]
    Kafka,
}
