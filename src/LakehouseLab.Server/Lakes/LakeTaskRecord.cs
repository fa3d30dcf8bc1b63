using System.Text.Json;
using System.Text.Json.Serialization;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Server.Lakes;

/// <summary>Everything about a pipeline run or an audit that outlives the process.</summary>
internal sealed record LakeTaskRecord
{
    /// <summary>The kind of pipeline runs in the database.</summary>
    public const string PipelineRun = "pipeline_run";

    /// <summary>The kind of audits in the database.</summary>
    public const string Audit = "audit";

    /// <summary>What it is.</summary>
    public required string Kind { get; init; }

    /// <summary>Its number: later ones of its kind have larger ones.</summary>
    public required long Number { get; init; }

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>The emulation that it comes after; null when it waits for none.</summary>
    public Guid? After { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What a pipeline run was asked for; null for an audit.</summary>
    public PipelineRunSettings? Run { get; init; }

    /// <summary>What a pipeline run did; null before its end.</summary>
    public PipelineReport? RunReport { get; init; }

    /// <summary>What an audit was asked for; null for a pipeline run.</summary>
    public AuditSettings? AuditOf { get; init; }

    /// <summary>What an audit found; null before its end.</summary>
    public AuditReport? Findings { get; init; }

    /// <summary>Whether somebody wants it to end before its time.</summary>
    public bool CancelAsked { get; init; }

    /// <summary>The key under which the request may be repeated; null when it had none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request's body; null without a key.</summary>
    public string? BodyHash { get; init; }

    /// <summary>The trace of the request that it was asked for with (W3C traceparent); null when there was none.</summary>
    public string? RequestTrace { get; init; }

    /// <summary>As it was when it was asked for: what every repetition of the request answers.</summary>
    [JsonIgnore]
    public LakeTaskRecord AsAskedFor => this with { State = JobState.Scheduled, Reason = null, StartedAt = null, EndedAt = null, RunReport = null, Findings = null };

    /// <summary>Reads what the database keeps.</summary>
    /// <exception cref="JobStoreException">It is damaged.</exception>
    public static LakeTaskRecord Of(StoredJob stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Record!, LakeTaskDocuments.Default.LakeTaskRecord)!;
        }
        catch (JsonException exception)
        {
            throw new JobStoreException($"the record of {stored.Kind} {stored.Id} in the job database is damaged: {exception.Message.ReplaceLineEndings(" ")} Restore it from a copy", exception);
        }
    }

    /// <summary>What the database is to keep.</summary>
    public StoredJob ToStored() => new(Kind, Number, Id, State, JsonSerializer.Serialize(this, LakeTaskDocuments.Default.LakeTaskRecord));

    /// <summary>It begins, or begins again after a restart.</summary>
    public LakeTaskRecord Begin(DateTimeOffset now) => this with { State = State == JobState.Running ? State : State.To(JobState.Running), StartedAt = StartedAt ?? now };

    /// <summary>It ends.</summary>
    public LakeTaskRecord End(JobState state, DateTimeOffset now, string? reason) => this with { State = State.To(state), EndedAt = now, Reason = reason };

    /// <summary>It ends with what came of it.</summary>
    public LakeTaskRecord End(LakeTaskOutcome outcome, DateTimeOffset now) =>
        (this with { RunReport = outcome.RunReport, Findings = outcome.Findings }).End(outcome.Failure is null ? JobState.Completed : JobState.Failed, now, outcome.Failure);
}

/// <summary>The documents of runs and audits as the job database keeps them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(LakeTaskRecord))]
internal sealed partial class LakeTaskDocuments : JsonSerializerContext;
