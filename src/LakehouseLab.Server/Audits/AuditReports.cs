using System.ComponentModel;
using System.Text.Json.Serialization;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;

namespace LakehouseLab.Server.Audits;

/// <summary>An audit.</summary>
internal sealed record AuditView(Guid Id, JobState Status, AuditSettings Settings, DateTimeOffset CreatedAt)
{
    [Description("When it began; absent before.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When it ended; absent before.")]
    public DateTimeOffset? EndedAt { get; init; }

    [Description("What it reads; absent when it does not.")]
    public string? Step { get; init; }

    [Description("How far it is; absent when it does not work.")]
    public LakeTaskProgress? Progress { get; init; }

    [Description("Why it failed; absent when it did not.")]
    public string? Error { get; init; }

    [Description("What it found; absent before its end.")]
    public AuditReport? Findings { get; init; }

    public required string Link { get; init; }

    /// <summary>The document of an audit.</summary>
    /// <param name="record">The audit.</param>
    /// <param name="progress">How far it is; null when it does not work.</param>
    public static AuditView Of(LakeTaskRecord record, LakeTaskProgress? progress)
    {
        progress = record.State == JobState.Running ? progress : null;
        return new AuditView(record.Id, record.State, record.AuditOf!, record.CreatedAt)
        {
            StartedAt = record.StartedAt,
            EndedAt = record.EndedAt,
            Step = progress?.Step,
            Progress = progress,
            Error = record.Reason,
            Findings = record.Findings,
            Link = $"/audits/{record.Id}",
        };
    }
}

/// <summary>A page of audits.</summary>
internal sealed record AuditPage(
    [property: Description("Audits, newest first.")] IReadOnlyList<AuditView> Audits,
    [property: Description("What the next page is asked for with; absent on the last one.")] string? NextCursor);

/// <summary>The answers about audits.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AuditView))]
[JsonSerializable(typeof(AuditPage))]
internal sealed partial class AuditReports : JsonSerializerContext;
