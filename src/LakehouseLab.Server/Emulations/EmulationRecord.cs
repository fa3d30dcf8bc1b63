using System.Text.Json;
using System.Text.Json.Serialization;
using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Server.Emulations;

/// <summary>How somebody wants an emulation to end before its time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EarlyEnd>))]
internal enum EarlyEnd
{
    /// <summary>Nobody does.</summary>
    None,

    /// <summary>As if it had come to its end.</summary>
    Complete,

    /// <summary>Cancelled.</summary>
    Cancel,
}

/// <summary>How far an emulation is.</summary>
/// <param name="Rows">Rows delivered.</param>
/// <param name="Bytes">Their bytes.</param>
internal sealed record DeliveredCounts(long Rows, long Bytes)
{
    /// <summary>Event time of the last row; null before there is one.</summary>
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>The row after the last; null before rows were claimed.</summary>
    public long? NextRow { get; init; }

    /// <summary>Objects delivered, or batches of messages.</summary>
    public int Chunks { get; init; }

    /// <summary>Seconds by which rows left later than their pace.</summary>
    public double BehindSeconds { get; init; }
}

/// <summary>Everything about an emulation that outlives the process.</summary>
internal sealed record EmulationRecord
{
    /// <summary>The kind of these jobs in the database.</summary>
    public const string Kind = "emulation";

    /// <summary>Its number: later ones have larger ones.</summary>
    public required long Number { get; init; }

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it was asked to do.</summary>
    public required EmulationSettings Settings { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>Why it waits or failed; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>How it is wanted to end early.</summary>
    public EarlyEnd Wish { get; init; }

    /// <summary>The pipeline run that follows it; null when none does.</summary>
    public Guid? PipelineRun { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The number of its last end in the order of all ends; null before the first. One that goes on again keeps it, so that no number is given twice.</summary>
    public long? EndNumber { get; init; }

    /// <summary>How often it was resumed after its end.</summary>
    public int Resumptions { get; init; }

    /// <summary>When it first ran after it was last resumed; null before, and when it never was.</summary>
    public DateTimeOffset? ResumedAt { get; init; }

    /// <summary>How far it was when this was written.</summary>
    public DeliveredCounts Counts { get; init; } = new(0, 0);

    /// <summary>The key under which the request may be repeated; null when it had none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request's body; null without a key.</summary>
    public string? BodyHash { get; init; }

    /// <summary>The trace of the request that it was asked for with (W3C traceparent); null when there was none.</summary>
    public string? RequestTrace { get; init; }

    /// <summary>When it ends at the latest: the timeout counts from the first running, or the first after it was resumed; null when it has none or has not run yet.</summary>
    [JsonIgnore]
    public DateTimeOffset? Deadline => Settings.Timeout is { } timeout ? (Resumptions > 0 ? ResumedAt : StartedAt)?.AddSeconds(timeout) : null;

    /// <summary>Reads what the database keeps.</summary>
    /// <exception cref="JobStoreException">It is damaged.</exception>
    public static EmulationRecord Of(StoredJob stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Record!, EmulationDocuments.Default.EmulationRecord)!;
        }
        catch (JsonException exception)
        {
            throw new JobStoreException($"the record of emulation {stored.Id} in the job database is damaged: {exception.Message.ReplaceLineEndings(" ")} Restore it from a copy", exception);
        }
    }

    /// <summary>What the database is to keep.</summary>
    public StoredJob ToStored() => new(Kind, Number, Id, State, JsonSerializer.Serialize(this, EmulationDocuments.Default.EmulationRecord));

    /// <summary>It has its turn, or what it waited for is back.</summary>
    public EmulationRecord Run(DateTimeOffset now) => this with
    {
        State = State.To(JobState.Running),
        StartedAt = StartedAt ?? now,
        ResumedAt = Resumptions > 0 ? ResumedAt ?? now : null,
        Reason = null,
    };

    /// <summary>What it needs is away.</summary>
    public EmulationRecord Wait(string reason) => this with { State = State.To(JobState.Waiting), Reason = reason };

    /// <summary>It ends.</summary>
    public EmulationRecord End(JobState state, DateTimeOffset now, string? reason = null) => this with { State = State.To(state), EndedAt = now, Reason = reason };

    /// <summary>It is to go on after its end. A pipeline run that followed has followed already.</summary>
    public EmulationRecord Resume() => this with
    {
        State = State.To(JobState.Scheduled),
        Resumptions = Resumptions + 1,
        ResumedAt = null,
        EndedAt = null,
        Reason = null,
        Wish = EarlyEnd.None,
        PipelineRun = null,
    };
}

/// <summary>The documents of emulations as the job database keeps them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(EmulationRecord))]
internal sealed partial class EmulationDocuments : JsonSerializerContext;
