using System.Text.Json.Nodes;
using LakehouseLab.Server.Docs;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LakehouseLab.Server.Emulations;

/// <summary>The requests about emulations.</summary>
internal static class EmulationRoutes
{
    private const int RetryAfterSeconds = 5;

    private static readonly RequestDeclaration s_one = new() { Path = [new IdField("id", "The emulation.") { Required = true }] };
    private static readonly SwitchField s_pipeline = new("pipeline", "Whether a pipeline run follows, which ingests all that is new.") { Default = false, Example = true };

    /// <summary>Routes them.</summary>
    public static void MapEmulations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder emulations = routes.MapGroup("/emulator").WithTags("emulator");
        emulations.MapPost("", StartAsync).WithName("startEmulation").WithSummary("Start an emulation.")
            .Reads(new RequestDeclaration
            {
                Headers = [IdempotencyKey.Field],
                Body = routes.ServiceProvider.GetRequiredService<StartEmulationFields>().All,
                BodyIsRequired = true,
                BodyExamples = new Dictionary<string, JsonObject>
                {
                    ["profiles for two minutes into MinIO"] = new() { ["emulator_sync"] = "minio", ["emulation_domain"] = "user-profile", ["timeout"] = 120 },
                    ["transactions in real time into Kafka"] = new() { ["emulator_sync"] = "kafka", ["emulation_domain"] = "transaction", ["timeout"] = 60, ["rate"] = "500/s" },
                    ["logs of devices as Parquet into the lake's folder"] = new() { ["emulator_sync"] = "local", ["emulation_domain"] = "device-log", ["rows"] = 10_000, ["format_type"] = "parquet" },
                },
            })
            .Answers<EmulationScheduled>(201, "It is durable and will run.", location: "The emulation.").Produces<RowsTakenProblem>(409, Problem.MediaType).ProducesProblem(429);
        emulations.MapMethods("", Methods.Read, List).WithName("listEmulations").WithSummary("List emulations, newest first, or those that ended since a cursor, oldest first.")
            .Reads(EmulationListing.Declaration).Answers<EmulationPage>(200, "A page.").ProducesProblem(400);

        RouteGroupBuilder one = emulations.MapGroup("/{id}").ProducesProblem(404);
        one.MapMethods("", Methods.Read, Show).WithName("showEmulation").WithSummary("Show an emulation: settings, state, progress.")
            .Reads(s_one).Answers<EmulationView>(200, "The emulation, or a page about it for clients that accept text/html.", page: PageChoice.Html);
        one.MapMethods("/status", Methods.Read, ShowStatus).WithName("showEmulationStatus").WithSummary("Show an emulation's state and progress; made to be asked often.")
            .Reads(s_one).Answers<StatusView>(200, "The state.");
        one.MapGet("/events", Watch).WithName("watchEmulation").WithSummary("Watch an emulation: its state as server-sent events until it ends.")
            .Reads(s_one).Answers<StatusView>(200, "Events named status, each with the state as data.", JobEvents.MediaType);
        one.MapPost("/complete", CompleteAsync).WithName("completeEmulation").WithSummary("End an emulation at a chunk's edge, as complete; repeating it is harmless.")
            .Reads(s_one with { Body = [s_pipeline], BodyExamples = new Dictionary<string, JsonObject> { ["with a pipeline run"] = new() { ["pipeline"] = true } } })
            .Answers<EmulationView>(200, "It is complete.")
            .Answers<EmulationView>(202, "It will be complete, or a pipeline run follows, which the links name.", location: "The pipeline run; absent without one.").ProducesProblem(409);
        one.MapPost("/resume", ResumeAsync).WithName("resumeEmulation").WithSummary("Let an emulation that was cancelled or failed go on where its data ends; its timeout counts anew. Repeating it is harmless.")
            .Reads(s_one with { Body = [] }).Answers<EmulationView>(200, "It is complete.").Answers<EmulationView>(202, "It goes on.")
            .Produces<RowsTakenProblem>(409, Problem.MediaType).ProducesProblem(429);
        one.MapDelete("", CancelAsync).WithName("cancelEmulation").WithSummary("Cancel an emulation; what it delivered stays, marked as such. Repeating it is harmless.")
            .Reads(s_one).Answers<EmulationView>(200, "It is cancelled.").Answers<EmulationView>(202, "It will be cancelled.").ProducesProblem(409);
    }

    private static async Task<IResult> StartAsync(IdempotencyKey key, JsonBody body, EmulationCommands commands, StartEmulationReader reader, HttpResponse response)
    {
        if (body.Bytes.IsEmpty)
        {
            return TypedResults.Problem(Problem.Of(400, """the body is empty: send an object such as {"emulator_sync": "minio", "emulation_domain": "user-profile", "timeout": 120}"""));
        }

        return Answer(
            await commands.StartAsync(key.Value, body.Bytes, () => reader.Read(body)).ConfigureAwait(false),
            response,
            static job => TypedResults.Created($"/emulator/{job.Record.Id}", EmulationScheduled.Of(job.Record)));
    }

    private static IResult Answer(Started<EmulationJob> started, HttpResponse response, Func<EmulationJob, IResult> show) =>
        started.Problem is not null ? TypedResults.Problem(started.Problem)
        : started.Job is null ? Problem.QueueIsFull(response, RetryAfterSeconds, $"the queue is full: try again in {RetryAfterSeconds} s, when some emulation has had its turn")
        : show(started.Job);

    private static IResult List(EmulationListing listing, EmulationRegistry registry) =>
        listing.EndedAfter is { } cursor ? ListEnded(cursor, listing.Page, registry) : ListNewest(listing.Page, registry);

    private static IResult ListNewest(JobPage page, EmulationRegistry registry)
    {
        // What ends while the page is read comes after the cursor.
        long last = registry.EndedAfter(0, page with { State = null, Limit = int.MaxValue }).Last;
        (IEnumerable<EmulationJob> emulations, string? next) = registry.Page(page);
        return TypedResults.Ok(new EmulationPage([.. emulations.Select(EmulationView.Of)], next, registry.Ends.CursorOf(last)));
    }

    private static IResult ListEnded(string cursor, JobPage page, EmulationRegistry registry)
    {
        if (!registry.Ends.TryRead(cursor, out long after, out string? problem))
        {
            return TypedResults.Problem(Problem.Of(400, $"{EmulationListing.EndedAfterField.Name} is '{Excerpt.Of(cursor)}', which {problem}: send the ended_cursor of an answer of GET /emulator/, or {EndOrder.Start} for all that are remembered"));
        }

        (IReadOnlyList<(EmulationJob Job, EmulationRecord Record)> ended, long last) = registry.EndedAfter(after, page);
        return TypedResults.Ok(new EmulationPage([.. ended.Select(pair => EmulationView.Of(pair.Job, pair.Record))], null, registry.Ends.CursorOf(last)));
    }

    private static IResult Show(string id, EmulationRegistry registry) =>
        registry.Find(id) is { } job ? new DocumentPage<EmulationView>($"emulation {job.Record.Id}", EmulationView.Of(job), !job.Record.State.IsEnded()) : NotThere(id);

    private static IResult ShowStatus(string id, EmulationRegistry registry) =>
        registry.Find(id) is { } job ? TypedResults.Ok(StatusView.Of(job)) : NotThere(id);

    private static IResult Watch(string id, EmulationRegistry registry, TimeProvider clock, IHostApplicationLifetime lifetime) =>
        registry.Find(id) is not { } job ? NotThere(id) : new JobEvents<StatusView>(
            () =>
            {
                EmulationRecord record = job.Record;
                return (StatusView.Of(job, record), record.State.IsEnded());
            },
            job.Changes,
            clock,
            lifetime.ApplicationStopping);

    private static async Task<IResult> CompleteAsync(string id, JsonBody body, EmulationRegistry registry, EmulationCommands commands)
    {
        if (registry.Find(id) is not { } job)
        {
            return NotThere(id);
        }

        RequestReader given = RequestReader.Of(body.Root, [s_pipeline]);
        bool pipeline = given.ReadValue(s_pipeline) ?? false;
        if ((given.HasErrors ? given.ToProblem() : await commands.CompleteAsync(job, pipeline).ConfigureAwait(false)) is { } problem)
        {
            return TypedResults.Problem(problem);
        }

        EmulationView view = EmulationView.Of(job);
        string? run = pipeline ? view.Links.PipelineRun : null;
        return run is not null || !job.Record.State.IsEnded() ? TypedResults.Accepted(run, view) : TypedResults.Ok(view);
    }

    private static async Task<IResult> ResumeAsync(string id, JsonBody body, EmulationRegistry registry, EmulationCommands commands, HttpResponse response)
    {
        if (registry.Find(id) is not { } job)
        {
            return NotThere(id);
        }

        RequestReader given = RequestReader.Of(body.Root, []);
        return given.HasErrors ? TypedResults.Problem(given.ToProblem()) : Answer(
            await commands.ResumeAsync(job).ConfigureAwait(false),
            response,
            static job => job.Record.State == JobState.Completed ? TypedResults.Ok(EmulationView.Of(job)) : TypedResults.Accepted((string?)null, EmulationView.Of(job)));
    }

    private static async Task<IResult> CancelAsync(string id, EmulationRegistry registry, EmulationCommands commands) =>
        registry.Find(id) is not { } job ? NotThere(id)
        : await commands.CancelAsync(job).ConfigureAwait(false) is { } problem ? TypedResults.Problem(problem)
        : job.Record.State.IsEnded() ? TypedResults.Ok(EmulationView.Of(job))
        : TypedResults.Accepted((string?)null, EmulationView.Of(job));

    private static IResult NotThere(string id) =>
        TypedResults.Problem(Problem.Of(404, $"there is no emulation '{Excerpt.Of(id)}': GET /emulator/ lists those that there are"));
}
