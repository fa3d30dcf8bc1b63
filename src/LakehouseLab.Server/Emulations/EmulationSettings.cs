using System.Text.Json.Serialization;

namespace LakehouseLab.Server.Emulations;

/// <summary>What an emulation was asked to do, with everything resolved that was not stated. It is kept with the job and shown to clients.</summary>
internal record EmulationSettings
{
    /// <summary>The system that records go to: <c>local</c>, <c>minio</c> or <c>kafka</c>.</summary>
    public required string EmulatorSync { get; init; }

    /// <summary>The domain.</summary>
    public required string EmulationDomain { get; init; }

    /// <summary>Seconds from the first <c>running</c> on; null for no such end.</summary>
    public long? Timeout { get; init; }

    /// <summary>Format of the records; without effect on Kafka.</summary>
    public required string FormatType { get; init; }

    /// <summary>How records are put together; without effect on Kafka.</summary>
    public required string SyncType { get; init; }

    /// <summary>Bytes of a chunk at most, without effect on Kafka; null in records of earlier versions.</summary>
    public long? MaxChunkSize { get; init; }

    /// <summary>Seconds after which an open chunk is closed; null for Kafka.</summary>
    public double? FlushInterval { get; init; }

    /// <summary>Threads that make rows.</summary>
    public required int Threads { get; init; }

    /// <summary>How many rows; null for as many as come until another end.</summary>
    public long? Rows { get; init; }

    /// <summary>First row; null for the domain's next ones, or those from <see cref="From"/> on.</summary>
    public long? FirstRow { get; init; }

    /// <summary>The earliest event time; null when <see cref="FirstRow"/> says where rows begin.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The event time before which rows end; null for no such end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The pace.</summary>
    public required string Rate { get; init; }

    /// <summary>Compression of objects; null for Kafka.</summary>
    public string? Compression { get; init; }

    /// <summary>Whether records carry labels: <c>inline</c> or <c>none</c>.</summary>
    public required string Labels { get; init; }

    /// <summary>What is promised of delivery.</summary>
    public required string Delivery { get; init; }

    /// <summary>Whether messages carry a header; null for objects.</summary>
    public bool? Headers { get; init; }

    /// <summary>The topic; null for objects.</summary>
    public string? Topic { get; init; }

    /// <summary>The bucket; null unless records go to one.</summary>
    public string? Bucket { get; init; }

    /// <summary>The prefix in the bucket; null unless records go to one.</summary>
    public string? Prefix { get; init; }

    /// <summary>Seed of the lake's world.</summary>
    public required long Seed { get; init; }

    /// <summary>People of the lake's world.</summary>
    public required int Users { get; init; }

    /// <summary>When the lake's world begins.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Share of frauds in the lake's world.</summary>
    public required double FraudRate { get; init; }

    /// <summary>Weights of the fraud rules in the lake's world.</summary>
    public required string FraudMix { get; init; }
}
