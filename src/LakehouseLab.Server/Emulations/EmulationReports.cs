using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Server.Emulations;

/// <summary>The answer to a request that started an emulation.</summary>
internal sealed record EmulationScheduled : EmulationSettings
{
    [SetsRequiredMembers]
    private EmulationScheduled(EmulationRecord record)
        : base(record.Settings)
    {
        Id = record.Id;
        Status = JobState.Scheduled;
        Links = EmulationLinks.Of(record);
    }

    [JsonPropertyOrder(-2), Description("The emulation.")]
    public required Guid Id { get; init; }

    [JsonPropertyOrder(1), Description("Its state.")]
    public required JobState Status { get; init; }

    [JsonPropertyOrder(2)]
    public required EmulationLinks Links { get; init; }

    /// <summary>The answer: the same for every repetition of the request.</summary>
    public static EmulationScheduled Of(EmulationRecord record) => new(record);
}

/// <summary>An emulation: its settings, how far it is and how it ended.</summary>
internal sealed record EmulationView : EmulationSettings
{
    [SetsRequiredMembers]
    private EmulationView(EmulationJob job, EmulationRecord record)
        : base(record.Settings)
    {
        Id = record.Id;
        Status = record.State;
        Reason = record.State == JobState.Waiting ? record.Reason : null;
        Error = record.State == JobState.Failed ? record.Reason : null;
        CreatedAt = record.CreatedAt;
        StartedAt = record.StartedAt;
        Deadline = record.Deadline;
        EndedAt = record.EndedAt;
        Progress = ProgressView.Of(job, record);
        Chunks = job.Counts.Chunks;
        Links = EmulationLinks.Of(record);
    }

    [JsonPropertyOrder(-2), Description("The emulation.")]
    public required Guid Id { get; init; }

    [JsonPropertyOrder(1), Description("Its state.")]
    public required JobState Status { get; init; }

    [JsonPropertyOrder(1), Description("What it waits for; absent when it does not wait.")]
    public string? Reason { get; init; }

    [JsonPropertyOrder(1), Description("Why it failed; absent when it did not.")]
    public string? Error { get; init; }

    [JsonPropertyOrder(1), Description("When it was asked for.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyOrder(1), Description("When it first ran; absent before.")]
    public DateTimeOffset? StartedAt { get; init; }

    [JsonPropertyOrder(1), Description("When it ends at the latest; absent without a timeout, and before it first ran.")]
    public DateTimeOffset? Deadline { get; init; }

    [JsonPropertyOrder(1), Description("When it ended; absent before.")]
    public DateTimeOffset? EndedAt { get; init; }

    [JsonPropertyOrder(1)]
    public required ProgressView Progress { get; init; }

    [JsonPropertyOrder(1), Description("Objects delivered so far, or batches of messages.")]
    public required int Chunks { get; init; }

    [JsonPropertyOrder(2)]
    public required EmulationLinks Links { get; init; }

    /// <summary>The document of an emulation.</summary>
    public static EmulationView Of(EmulationJob job) => new(job, job.Record);

    /// <summary>The document of an emulation as it was.</summary>
    public static EmulationView Of(EmulationJob job, EmulationRecord record) => new(job, record);
}

/// <summary>How far an emulation is.</summary>
internal sealed record ProgressView(
    [property: Description("Rows delivered.")] long Rows,
    [property: Description("Their bytes.")] long Bytes,
    [property: Description("Delivered rows a second over the last seconds; over all its time once it has ended.")] double RowsPerSecond,
    [property: Description("Event time that delivered rows have reached; absent before there are any.")] DateTimeOffset? EventTime,
    [property: Description("The row after the last; absent before rows were claimed.")] long? NextRow,
    [property: Description("Seconds by which rows left later than their pace, in all.")] double BehindSeconds)
{
    /// <summary>How far an emulation is.</summary>
    public static ProgressView Of(EmulationJob job, EmulationRecord record)
    {
        DeliveredCounts counts = job.Counts;
        double speed = record.State switch
        {
            JobState.Running => job.Speed.PerSecond(),
            _ when record is { StartedAt: { } start, EndedAt: { } end } && end > start => Math.Round(counts.Rows / (end - start).TotalSeconds, 1),
            _ => 0,
        };
        return new ProgressView(counts.Rows, counts.Bytes, speed, counts.EventTime, counts.NextRow, Math.Round(counts.BehindSeconds, 3));
    }
}

/// <summary>The state of an emulation, as existing clients read it.</summary>
internal sealed record StatusView(
    [property: Description("The emulation.")] Guid Id,
    StatusView.Statuses Status,
    ProgressView Progress)
{
    /// <summary>The state of an emulation.</summary>
    public static StatusView Of(EmulationJob job) => Of(job, job.Record);

    /// <summary>The state of an emulation as it was.</summary>
    public static StatusView Of(EmulationJob job, EmulationRecord record) =>
        new(record.Id, new Statuses(record.State, Threads(record), record.Reason), ProgressView.Of(job, record));

    private static Dictionary<string, JobState> Threads(EmulationRecord record)
    {
        Dictionary<string, JobState> threads = new(record.Settings.Threads);
        for (int thread = 0; thread < record.Settings.Threads; thread++)
        {
            threads[thread.ToString(System.Globalization.CultureInfo.InvariantCulture)] = record.State;
        }

        return threads;
    }

    /// <summary>The states.</summary>
    internal sealed record Statuses(
        [property: Description("The state of the emulation.")] JobState GlobalStatus,
        [property: Description("The state of each thread that makes rows, by its number.")] IReadOnlyDictionary<string, JobState> Threads,
        [property: Description("Why it waits or failed; absent otherwise.")] string? Reason);
}

/// <summary>A page of emulations.</summary>
internal sealed record EmulationPage(
    [property: Description("Emulations, newest first; with ended_after in the order in which they ended.")] IReadOnlyList<EmulationView> Emulations,
    [property: Description("What the next page is asked for with; absent on the last one, and with ended_after.")] string? NextCursor,
    [property: Description("What those are asked for with, as ended_after, that end after those that are listed; without ended_after, after all that have ended.")] string EndedCursor);

/// <summary>Where to go from an emulation.</summary>
internal sealed record EmulationLinks(string Self, string Status, string Events, string Complete, string Resume)
{
    [Description("The pipeline run that follows; absent when none does.")]
    public string? PipelineRun { get; init; }

    /// <summary>The links of an emulation.</summary>
    public static EmulationLinks Of(EmulationRecord record)
    {
        string self = $"/emulator/{record.Id}";
        return new EmulationLinks(self, $"{self}/status", $"{self}/events", $"{self}/complete", $"{self}/resume")
        {
            PipelineRun = record.PipelineRun is { } run ? $"/pipelines/runs/{run}" : null,
        };
    }
}

/// <summary>The answers about emulations.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(EmulationScheduled))]
[JsonSerializable(typeof(EmulationView))]
[JsonSerializable(typeof(EmulationPage))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(RowsTakenProblem))]
internal sealed partial class EmulationReports : JsonSerializerContext;
