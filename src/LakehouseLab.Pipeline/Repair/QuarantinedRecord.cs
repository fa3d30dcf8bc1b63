using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Repair;

/// <summary>A record that Silver refused.</summary>
/// <param name="Id">Its name: the same in every run, also after a full refresh.</param>
/// <param name="Table">The Silver table that refused it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Format">Format of the source.</param>
/// <param name="Batch">The batch in which Bronze received it.</param>
/// <param name="Source">The object, topic partition or replay that held it.</param>
/// <param name="Offset">Its line, from 0, or offset there.</param>
/// <param name="IngestedAt">When Bronze received it.</param>
public sealed record QuarantinedRecord(string Id, string Table, string Reason, string Format, long Batch, string Source, long Offset, DateTimeOffset IngestedAt)
{
    /// <summary>The record as it was received; null when it is not UTF-8, and for a tombstone.</summary>
    public string? Payload { get; init; }

    /// <summary>The record as it was received when it is not UTF-8, in base64.</summary>
    public byte[]? PayloadBytes { get; init; }

    /// <summary>The emulation that the record names; null for none.</summary>
    public string? EmulationId { get; init; }

    /// <summary>The repaired records that were appended to Bronze for it, in order.</summary>
    public IReadOnlyList<RepairedRecord> Replays { get; init; } = [];
}

/// <summary>A repaired record in Bronze.</summary>
/// <param name="Source">Its source there.</param>
/// <param name="Batch">The batch that appended it.</param>
public sealed record RepairedRecord(string Source, long Batch);

/// <summary>Quarantined records, the last received first.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Records">Those that were asked for.</param>
public sealed record QuarantineListing(long Total, IReadOnlyList<QuarantinedRecord> Records);

/// <summary>A quarantined record with what its table wants instead.</summary>
/// <param name="Record">The record.</param>
/// <param name="Place">Where Bronze received it from, as people read it.</param>
/// <param name="Expected">What would be accepted.</param>
public sealed record QuarantinedDetails(QuarantinedRecord Record, string Place, string Expected);

/// <summary>What a replay did.</summary>
/// <param name="Id">The quarantined record that was repaired.</param>
/// <param name="Table">The Bronze table that has the repaired record.</param>
/// <param name="Source">Its source there.</param>
/// <param name="Batch">The batch that appended it.</param>
/// <param name="IsKnown">Whether the same payload had been replayed before, so that nothing was appended.</param>
public sealed record ReplayOutcome(
    string Id, string Table, string Source, long Batch, [property: JsonPropertyName("already_replayed")] bool IsKnown);

/// <summary>The documents of the quarantine's commands.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QuarantineListing))]
[JsonSerializable(typeof(QuarantinedDetails))]
[JsonSerializable(typeof(ReplayOutcome))]
public sealed partial class RepairDocuments : JsonSerializerContext;
