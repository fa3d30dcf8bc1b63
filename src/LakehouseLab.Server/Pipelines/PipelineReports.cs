using System.ComponentModel;
using System.Text.Json.Serialization;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;

namespace LakehouseLab.Server.Pipelines;

/// <summary>A pipeline run.</summary>
internal sealed record PipelineRunView(
    Guid Id,
    JobState Status,
    PipelineRunSettings Settings,
    DateTimeOffset CreatedAt)
{
    [Description("The emulation that it comes after; absent when it waits for none.")]
    public Guid? After { get; init; }

    [Description("When it began; absent before.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When it ended; absent before.")]
    public DateTimeOffset? EndedAt { get; init; }

    [Description("The table that it works on; absent when it does not work.")]
    public string? Step { get; init; }

    [Description("How far it is, with what each table and model did that is done; absent when it does not work.")]
    public LakeTaskProgress? Progress { get; init; }

    [Description("Why it failed; absent when it did not.")]
    public string? Error { get; init; }

    [Description("Whether rows violate expectations, or raw objects cannot be read or have changed after their ingestion; absent before the end.")]
    public bool? FoundWanting { get; init; }

    [Description("What each step did; absent before the end.")]
    public PipelineReport? Report { get; init; }

    public required string Link { get; init; }

    /// <summary>The document of a run.</summary>
    /// <param name="record">The run.</param>
    /// <param name="progress">How far it is; null when it does not work.</param>
    public static PipelineRunView Of(LakeTaskRecord record, LakeTaskProgress? progress)
    {
        progress = record.State == JobState.Running ? progress : null;
        return new PipelineRunView(record.Id, record.State, record.Run!, record.CreatedAt)
        {
            After = record.After,
            StartedAt = record.StartedAt,
            EndedAt = record.EndedAt,
            Step = progress?.Step,
            Progress = progress,
            Error = record.Reason,
            FoundWanting = record.RunReport?.FoundWanting,
            Report = record.RunReport,
            Link = $"/pipelines/runs/{record.Id}",
        };
    }
}

/// <summary>A page of pipeline runs.</summary>
internal sealed record PipelineRunPage(IReadOnlyList<PipelineRunView> Runs, string? NextCursor);

/// <summary>The answers about pipeline runs.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PipelineRunView))]
[JsonSerializable(typeof(PipelineRunPage))]
internal sealed partial class PipelineReports : JsonSerializerContext;
