using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Ledgers;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Pipeline.Bronze.Batches;

/// <summary>What a batch of Bronze ingests.</summary>
/// <param name="Objects">The raw objects, in the order of their records.</param>
/// <param name="Topics">Offsets of topics; null when it takes none.</param>
/// <param name="Lost">Offsets that no batch will ingest, as the user has accepted; null for none.</param>
/// <param name="Withdrawn">Objects that earlier batches recorded and could not ingest; null for none.</param>
/// <param name="Replayed">Repaired records of the quarantine; null for none.</param>
/// <param name="Stream">From where on a stream of Spark ingests topics, with a checkpoint of its own; null for none.</param>
public sealed record BronzeInputs(
    IReadOnlyList<RawObject> Objects,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TopicRange>? Topics = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LostOffsets>? Lost = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<WithdrawnObject>? Withdrawn = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ReplayedRecord>? Replayed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StreamStart>? Stream = null)
{
    /// <summary>How they are written.</summary>
    public static LedgerForm<BronzeInputs> Form { get; } = new(BronzeDocuments.Default.BronzeInputs, BronzeDocuments.Default.CondensedInputs, FlowProgress<BronzeInputs>.Digits)
    {
        Supplement = new LedgerSupplement<BronzeInputs>("-done", static (_, json, place) => LakeDocument.Read(json, place, BronzeDocuments.Default.BronzeInputs)),
        Holds = static (held, inputs) => held.Objects.Select(AsRecorded).SequenceEqual(inputs.Objects.Select(AsRecorded))
            && (held.Topics ?? []).Select(AsRecorded).SequenceEqual((inputs.Topics ?? []).Select(AsRecorded))
            && (held.Lost ?? []).SequenceEqual(inputs.Lost ?? [])
            && (held.Withdrawn ?? []).SequenceEqual(inputs.Withdrawn ?? [])
            && (held.Replayed ?? []).SequenceEqual(inputs.Replayed ?? [])
            && (held.Stream ?? []).SequenceEqual(inputs.Stream ?? []),
    };

    private static RawObject AsRecorded(RawObject item) => item with { Records = null };

    private static TopicRange AsRecorded(TopicRange range) => range with { Records = null };
}

/// <summary>An object that a batch recorded and could not ingest: the batch goes without it, and a later one may ingest it.</summary>
/// <param name="Batch">The batch that recorded it.</param>
/// <param name="Key">The object.</param>
public sealed record WithdrawnObject(long Batch, string Key);

/// <summary>Offsets of one partition that a batch ingests.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="TopicId">Its id: another one is another topic, however alike.</param>
/// <param name="Partition">The partition.</param>
/// <param name="From">First offset.</param>
/// <param name="Until">The offset after the last.</param>
public sealed record TopicRange(string Topic, string TopicId, int Partition, long From, long Until)
{
    /// <summary>How many records it gave; null until the batch has read it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Records { get; init; }

    /// <summary>The offsets.</summary>
    [JsonIgnore]
    public OffsetSpan Span => new(Partition, From, Until);
}

/// <summary>Offsets whose records were lost before they were ingested.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="TopicId">Its id.</param>
/// <param name="Partition">The partition.</param>
/// <param name="From">First offset.</param>
/// <param name="Until">The offset after the last; null when the topic is gone, so that nobody knows.</param>
public sealed record LostOffsets(string Topic, string TopicId, int Partition, long From, long? Until = null);

/// <summary>Where a stream of Spark begins in a partition.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="TopicId">Its id.</param>
/// <param name="Partition">The partition.</param>
/// <param name="From">First offset.</param>
public sealed record StreamStart(string Topic, string TopicId, int Partition, long From);

/// <summary>What an ingestion has brought in.</summary>
/// <param name="Objects">Raw objects.</param>
/// <param name="Records">Records.</param>
/// <param name="Bytes">Bytes of the records.</param>
public sealed record BronzeResult(long Objects, long Records, long Bytes)
{
    /// <summary>Event time of the newest message among the last of each partition; null without messages, or when none tells.</summary>
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Raw objects that are not in Bronze as they are now, and why, in the order of their keys.</summary>
    public IReadOnlyList<ObjectRemark> Remarks { get; init; } = [];
}

/// <summary>What Bronze lacks.</summary>
/// <param name="Objects">Raw objects; those that wait since a run could not read them do not count.</param>
/// <param name="Offsets">Offsets of topics; at least as many as there are records.</param>
/// <param name="Topics">The topics as they were when that was found out.</param>
public sealed record BronzeBacklog(long Objects, long Offsets, IReadOnlyList<TopicState> Topics)
{
    /// <summary>Raw objects that a run would not ingest as they are now, as far as that is known without reading what is new.</summary>
    public IReadOnlyList<ObjectRemark> Remarks { get; init; } = [];

    /// <summary>Repaired records whose replay was killed.</summary>
    public long Replays { get; init; }
}

/// <summary>The flow's documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BronzeInputs))]
[JsonSerializable(typeof(CondensedEntries<BronzeInputs>), TypeInfoPropertyName = "CondensedInputs")]
internal sealed partial class BronzeDocuments : JsonSerializerContext;
