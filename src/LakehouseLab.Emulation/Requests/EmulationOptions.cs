using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Requests;

/// <summary>How records are made and delivered.</summary>
public record EmulationOptions
{
    /// <summary>The default of <see cref="MaxChunkSize"/>.</summary>
    public const long DefaultMaxChunkSize = 64L << 20;

    /// <summary>Objects of a single record that one emulation may make: a store of millions of tiny objects serves nobody.</summary>
    public const long MaxSingleRows = 10_000;

    /// <summary>The default of <see cref="FlushInterval"/> for paced emulations and for <see cref="SyncType.Grouped"/>.</summary>
    public static TimeSpan DefaultFlushInterval { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether records carry labels.</summary>
    public bool Labels { get; init; } = true;

    /// <summary>How many threads make rows. The bytes do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How records are written.</summary>
    public ChunkFormat Format { get; init; } = ChunkFormat.Json;

    /// <summary>Where records go.</summary>
    public Destination Destination { get; init; } = Destination.Lake;

    /// <summary>How records are put together into objects.</summary>
    public SyncType SyncType { get; init; } = SyncType.Chunked;

    /// <summary>Bytes of a chunk at most, unless a single record is longer.</summary>
    public long MaxChunkSize { get; init; } = DefaultMaxChunkSize;

    /// <summary>When an open chunk is closed at the latest; null for <see cref="DefaultFlushInterval"/> where it applies.</summary>
    public TimeSpan? FlushInterval { get; init; }

    /// <summary>How long a run goes on, from its start; null for as long as there are rows.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How fast records leave.</summary>
    public Pace Pace { get; init; } = Pace.Max;

    /// <summary>What is promised of records in a topic.</summary>
    public DeliveryGuarantee Delivery { get; init; } = DeliveryGuarantee.ExactlyOnce;

    /// <summary>How topics are made and written to.</summary>
    public TopicSettings Topic { get; init; } = new();

    /// <summary>Whether messages carry a header that names emulation and row.</summary>
    public bool Headers { get; init; } = true;

    /// <summary>The interval that holds: at full speed chunks are closed by their size alone.</summary>
    public TimeSpan? EffectiveFlushInterval =>
        FlushInterval ?? (SyncType == SyncType.Grouped || Pace.Kind != PaceKind.Max ? DefaultFlushInterval : null);
}
