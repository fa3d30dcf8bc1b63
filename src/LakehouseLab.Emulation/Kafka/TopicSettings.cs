namespace LakehouseLab.Emulation.Kafka;

/// <summary>How topics are made and written to.</summary>
public sealed record TopicSettings
{
    /// <summary>The compressions that a producer knows.</summary>
    public static IReadOnlyList<string> Compressions { get; } = ["none", "gzip", "snappy", "lz4", "zstd"];

    /// <summary>Partitions of a topic that is made.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Replicas of a topic that is made; null for the cluster's default.</summary>
    public short? Replication { get; init; }

    /// <summary>How the producer compresses its batches, one of <see cref="Compressions"/>.</summary>
    public string Compression { get; init; } = "lz4";
}
