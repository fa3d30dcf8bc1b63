using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Server.Docs;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using LakehouseLab.Server.Settings;
using LakehouseLab.World.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LakehouseLab.Server.Pipelines;

/// <summary>The requests about pipeline runs.</summary>
internal static class PipelineRoutes
{
    private const string Path = "/pipelines/runs";
    private const string Kind = LakeTaskRecord.PipelineRun;

    private static readonly LakeTaskAnswers<PipelineRunView> s_answers = new(Path, Kind, "pipeline run", PipelineRunView.Of);
    private static readonly RequestDeclaration s_one = new() { Path = [new IdField("id", "The run.") { Required = true }] };
    private static readonly ChoiceField s_engine = new("engine", "What runs the models; spark where the service was started with the server's address.", "duckdb", "spark") { Default = "duckdb" };

    private static readonly ChoiceField s_source = new("source", "Which records come into Bronze; those that the lake's manifests name unless stated.", "raw", "kafka", "all");
    private static readonly TextField s_select = new("select", "Models to run: a table, + after it for all that depend on it, + before it for all that it needs; all unless stated.", 500, "names of tables such as silver.transactions+", static _ => true) { Example = "silver.transactions+" };
    private static readonly SwitchField s_fullRefresh = new("full_refresh", "Whether tables are recomputed from all of their input.") { Default = false };
    private static readonly SwitchField s_reingest = new("reingest", "Whether the new content of raw objects that changed after their ingestion is ingested too, as new records.") { Default = false };
    private static readonly ChoiceField s_foreign = new("foreign", "What Silver does with messages of other lakes and domains, from now on; what it did before unless stated, at first report.", "report", "quarantine", "ingest");
    private static readonly IReadOnlyList<RequestField> s_fields = [s_engine, s_source, s_select, s_fullRefresh, s_reingest, s_foreign];

    /// <summary>Adds the parts of the service that pipeline runs need.</summary>
    public static void AddPipelines(this IServiceCollection services)
    {
        services.AddSingleton<ILakeWork, PipelineWork>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PipelineReports.Default));
    }

    /// <summary>Routes the requests.</summary>
    public static void MapPipelines(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder runs = routes.MapGroup(Path).WithTags("pipelines");
        runs.MapPost("", StartAsync).WithName("startPipelineRun").WithSummary("Start a pipeline run, which ingests all that is new.")
            .Reads(new RequestDeclaration
            {
                Headers = [IdempotencyKey.Field],
                Body = s_fields,
                BodyExamples = new Dictionary<string, JsonObject> { ["all models"] = [], ["one model with all that depend on it"] = new() { ["select"] = "silver.transactions+" } },
            })
            .Answers<PipelineRunView>(202, "It is durable and will run.", location: "The run.").ProducesProblem(429);
        runs.MapMethods("", Methods.Read, List).WithName("listPipelineRuns").WithSummary("List pipeline runs, newest first.")
            .Reads(JobPage.Declaration).Answers<PipelineRunPage>(200, "A page.");
        runs.MapMethods("/{id}", Methods.Read, s_answers.Show).WithName("showPipelineRun").WithSummary("Show a pipeline run: state, and what each model did.")
            .Reads(s_one).Answers<PipelineRunView>(200, "The run, or a page about it for clients that accept text/html.", page: PageChoice.Html).ProducesProblem(404);
        runs.MapGet("/{id}/events", s_answers.Watch).WithName("watchPipelineRun").WithSummary("Watch a pipeline run: the same document as server-sent events until it ends.")
            .Reads(s_one).Answers<PipelineRunView>(200, "Events named status, each with the run as data.", JobEvents.MediaType).ProducesProblem(404);
        runs.MapDelete("/{id}", s_answers.CancelAsync).WithName("cancelPipelineRun").WithSummary("Cancel a pipeline run: tables that are done stay, and the next run continues. Repeating it is harmless.")
            .Reads(s_one).Answers<PipelineRunView>(200, "It is cancelled.").Answers<PipelineRunView>(202, "It will be cancelled.").ProducesProblem(404).ProducesProblem(409);
    }

    private static Task<IResult> StartAsync(IdempotencyKey key, JsonBody body, LakeTasks tasks, ServiceOptions options, HttpResponse response) => tasks.AnswerAsync(
        Kind, key, body, response, record => Task.FromResult(Settle(body, record, options)), s_answers.Accept);

    private static IResult List(JobPage page, LakeTasks tasks)
    {
        (IReadOnlyList<PipelineRunView> runs, string? next) = s_answers.List(page, tasks);
        return TypedResults.Ok(new PipelineRunPage(runs, next));
    }

    private static (LakeTaskRecord? Record, ProblemDetails? Problem) Settle(JsonBody body, LakeTaskRecord record, ServiceOptions options)
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
        CheckSelection(reader, settings.Select, options);
        if (settings.Engine == "spark" && options.Spark is null)
        {
            reader.Fail(s_engine.Name, "is 'spark': this service has no Spark server: start it with --remote sc://host:15002, or with SPARK_REMOTE");
        }

        if (settings.Source is "kafka" or "all" && KafkaConnection.Find(options.Variable) is null)
        {
            reader.Fail(s_source.Name, $"is '{settings.Source}': this service has no Kafka brokers: start it with {KafkaConnection.ServersVariable}");
        }

        return reader.HasErrors ? (null, reader.ToProblem()) : (record with { Run = settings }, null);
    }

    private static void CheckSelection(RequestReader reader, string? select, ServiceOptions options)
    {
        if (select is null || FindModels(options) is not { } models)
        {
            return;
        }

        try
        {
            models.Select(select);
        }
        catch (InvalidRequestException refusal)
        {
            reader.Fail(s_select.Name, $"names no models: {refusal.Message}");
        }
    }

    // Models that are wrong now may be right when the run begins, which says so otherwise.
    private static ModelCatalog? FindModels(ServiceOptions options)
    {
        try
        {
            return options.LoadModels();
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }
}
