using System.ComponentModel;
using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Server.Fields;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.World;

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

    [Description("Whether rows break what is expected of them, or raw objects wait or have changed after their ingestion; absent before the end.")]
    public bool? FoundWanting { get; init; }

    [Description("What each step did; absent before the end.")]
    public PipelineReport? Report { get; init; }

    public required string Link { get; init; }

    /// <summary>The document of a run.</summary>
    public static PipelineRunView Of(LakeTask task) => Of(task.Record, task.Progress);

    /// <summary>The document of a run.</summary>
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

/// <summary>The requests about pipeline runs.</summary>
internal sealed class PipelineEndpoints(LakeTasks tasks, ServiceOptions options)
{
    private const string Tag = "pipelines";
    private const string Path = "/pipelines/runs";

    private static readonly IdField s_id = new("id", "The run.") { Required = true };
    private static readonly ChoiceField s_engine = new("engine", "What runs the models.", "duckdb")
    {
        Default = "duckdb",
        Later = new Dictionary<string, string> { ["spark"] = "Spark comes in a later version; allowed is duckdb" },
    };

    private static readonly ChoiceField s_source = new("source", "Which records come into Bronze; those that the lake's manifests name unless stated.", "raw", "kafka", "all");
    private static readonly TextField s_select = new("select", "Models to run: a table, + after it for all that depend on it, + before it for all that it needs; all unless stated.", 500, "names of tables such as silver.transactions+", static _ => true) { Example = "silver.transactions+" };
    private static readonly SwitchField s_fullRefresh = new("full_refresh", "Whether tables are made anew from all of their input.") { Default = false };
    private static readonly SwitchField s_reingest = new("reingest", "Whether the new content of raw objects that changed after their ingestion is ingested too, as new records.") { Default = false };
    private static readonly ChoiceField s_foreign = new("foreign", "What Silver does with messages of other lakes and domains, from now on; what it did before unless stated, at first report.", "report", "quarantine", "ingest");
    private static readonly IReadOnlyList<RequestField> s_fields = [s_engine, s_source, s_select, s_fullRefresh, s_reingest, s_foreign];

    private readonly LakeReplies _replies = new(tasks, LakeTaskRecord.PipelineRun, Path);

    /// <summary>The requests.</summary>
    public IEnumerable<Operation> All() => [Start(), List(), Show(), Cancel()];

    private Operation Start() => new("POST", Path, "startPipelineRun", Tag, "Start a pipeline run, which takes in all that is new.")
    {
        Headers = [IdempotencyKey.Field],
        Body = s_fields,
        BodyExamples = new Dictionary<string, JsonObject> { ["all models"] = [], ["one model with all that depend on it"] = new() { ["select"] = "silver.transactions+" } },
        Replies = [new(202, "It is durable and will run.", ServiceJson.Documents.PipelineRunView) { Headers = new Dictionary<string, string> { ["Location"] = "The run." } }],
        Problems = [429],
        Handle = context => _replies.StartAsync(context, (body, record) => Task.FromResult(Settle(body, record)), static (status, record) => Reply.Json(status, PipelineRunView.Of(record, null), ServiceJson.Documents.PipelineRunView)),
    };

    private Operation List() => new("GET", Path, "listPipelineRuns", Tag, "List pipeline runs, newest first.")
    {
        Query = JobPage.Fields,
        Replies = [new(200, "A page.", ServiceJson.Documents.PipelineRunPage)],
        Problems = [422],
        Handle = context => _replies.List(context, static (runs, next) => Reply.Json(200, new PipelineRunPage([.. runs.Select(PipelineRunView.Of)], next), ServiceJson.Documents.PipelineRunPage)),
    };

    private Operation Show() => new("GET", $"{Path}/{{id}}", "showPipelineRun", Tag, "Show a pipeline run: state, and what each model did.")
    {
        PathParameters = [s_id],
        Replies = [new(200, "The run.", ServiceJson.Documents.PipelineRunView)],
        Problems = [404],
        Handle = context => _replies.Show(context, static run => Reply.Json(200, PipelineRunView.Of(run), ServiceJson.Documents.PipelineRunView)),
    };

    private Operation Cancel() => new("DELETE", $"{Path}/{{id}}", "cancelPipelineRun", Tag, "Cancel a pipeline run: tables that are done stay, and the next run goes on. Repeating it is harmless.")
    {
        PathParameters = [s_id],
        Replies = [new(200, "It is cancelled.", ServiceJson.Documents.PipelineRunView), new(202, "It will be cancelled.", ServiceJson.Documents.PipelineRunView)],
        Problems = [404, 409],
        Handle = context => _replies.CancelAsync(context, static (status, run) => Reply.Json(status, PipelineRunView.Of(run), ServiceJson.Documents.PipelineRunView)),
    };

    private (LakeTaskRecord? Record, Problem? Problem) Settle(JsonBody body, LakeTaskRecord record)
    {
        RequestReader reader = RequestReader.Of(body.Root, s_fields);
        PipelineRunSettings settings = new()
        {
            Engine = reader.Read(s_engine) ?? "duckdb",
            Source = reader.Read(s_source),
            Select = reader.Read(s_select),
            FullRefresh = reader.ReadValue(s_fullRefresh) ?? false,
            Reingest = reader.ReadValue(s_reingest) ?? false,
            Foreign = reader.Read(s_foreign),
        };
        CheckSelection(reader, settings.Select);
        if (settings.Source is "kafka" or "all" && KafkaConnection.Find(options.Variable) is null)
        {
            reader.Fail(s_source.Name, $"is '{settings.Source}': this service knows no brokers; it is to be started with {KafkaConnection.ServersVariable}");
        }

        return reader.HasErrors ? (null, reader.ToProblem()) : (record with { Run = settings }, null);
    }

    private static void CheckSelection(RequestReader reader, string? select)
    {
        try
        {
            if (select is not null)
            {
                ModelCatalog.LoadBuiltIn().Select(select);
            }
        }
        catch (InvalidRequestException refusal)
        {
            reader.Fail(s_select.Name, $"names no models: {refusal.Message}");
        }
    }
}
