using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Accounts;

/// <summary>A claim as it is written. The audit reads it by itself, and takes members that it does not know.</summary>
internal sealed record ClaimDocument(Guid Emulation, long FirstRow, long Rows)
{
    public long? EndedAt { get; init; }

    public int? Claims { get; init; }
}

/// <summary>Where a claim was ended before its end.</summary>
internal sealed record ClaimEndDocument(long EndRow);

/// <summary>What a batch of a table ingested: of Bronze objects and offsets, of a model versions of its inputs.</summary>
internal sealed record BatchDocument
{
    public IReadOnlyList<IngestedObject>? Objects { get; init; }

    public IReadOnlyList<IngestedOffsets>? Topics { get; init; }

    public IReadOnlyList<WithdrawnObject>? Withdrawn { get; init; }

    public IReadOnlyList<ReplayedDocument>? Replayed { get; init; }

    public IReadOnlyList<StreamedStart>? Stream { get; init; }

    public IReadOnlyDictionary<string, IngestedVersions>? Tables { get; init; }

    public string? Origin { get; init; }
}

/// <summary>A raw object that a batch ingested.</summary>
internal sealed record IngestedObject(string Key, long Length)
{
    public Guid? Emulation { get; init; }

    public string? Location { get; init; }

    public string? Checksum { get; init; }

    public DateTimeOffset? Modified { get; init; }

    public int? Ingestion { get; init; }
}

/// <summary>An object that a batch had recorded and could not ingest.</summary>
internal sealed record WithdrawnObject(long Batch, string Key);

/// <summary>A repaired record that a batch appended.</summary>
internal sealed record ReplayedDocument(string Id, string Payload)
{
    public int? Replay { get; init; }
}

/// <summary>Offsets of a partition that a batch ingested.</summary>
internal sealed record IngestedOffsets(string Topic, string TopicId, int Partition, long From, long Until);

/// <summary>Where a stream of Spark begins in a partition.</summary>
internal sealed record StreamedStart(string Topic, string TopicId, int Partition, long From);

/// <summary>Versions of a table that a batch read.</summary>
internal sealed record IngestedVersions(long After, long Until)
{
    public string? TableId { get; init; }
}

/// <summary>A pipeline run as the run history has it.</summary>
internal sealed record RunDocument
{
    public IReadOnlyList<BronzeRunDocument>? Bronze { get; init; }

    public IReadOnlyList<ModelRunDocument>? Models { get; init; }
}

/// <summary>What a run did for a Bronze table.</summary>
internal sealed record BronzeRunDocument(string Table, long Records)
{
    public string? Failure { get; init; }
}

/// <summary>What a run did for a model's table.</summary>
internal sealed record ModelRunDocument(string Table, string State, long Version);

/// <summary>Consecutive entries in one document.</summary>
internal sealed record CondensedDocument<T>(IReadOnlyList<T> Entries);

/// <summary>The documents in which a lake accounts for itself.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ClaimDocument))]
[JsonSerializable(typeof(CondensedDocument<ClaimDocument>), TypeInfoPropertyName = "CondensedClaims")]
[JsonSerializable(typeof(ClaimEndDocument))]
[JsonSerializable(typeof(BatchDocument))]
[JsonSerializable(typeof(CondensedDocument<BatchDocument>), TypeInfoPropertyName = "CondensedBatches")]
[JsonSerializable(typeof(RunDocument))]
internal sealed partial class AccountDocuments : JsonSerializerContext;
