using System.Globalization;
using System.Text.Json.Nodes;
using LakehouseLab.Server.Fields;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Jobs;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Emulations;

/// <summary>The requests about emulations.</summary>
internal sealed class EmulationEndpoints(
    EmulationRegistry registry, EmulationCommands commands, StartEmulationFields fields, StartEmulationReader reader, TimeProvider clock, CancellationToken stopping)
{
    private const string Tag = "emulator";
    private const string Path = "/emulator/{id}";
    private const string RetryAfterSeconds = "5";

    private static readonly IdField s_id = new("id", "The emulation.") { Required = true };
    private static readonly SwitchField s_pipeline = new("pipeline", "Whether a pipeline run follows, which takes in all that is new.") { Default = false, Example = true };

    /// <summary>The requests.</summary>
    public IEnumerable<Operation> All() => [Start(), List(), Show(), Status(), Events(), Complete(), Cancel()];

    private Operation Start() => new("POST", "/emulator", "startEmulation", Tag, "Start an emulation.")
    {
        Headers = [IdempotencyKey.Field],
        Body = fields.All,
        BodyIsRequired = true,
        BodyExamples = new Dictionary<string, JsonObject>
        {
            ["profiles for two minutes into MinIO"] = new() { ["emulator_sync"] = "minio", ["emulation_domain"] = "user-profile", ["timeout"] = 120 },
            ["transactions in real time into Kafka"] = new() { ["emulator_sync"] = "kafka", ["emulation_domain"] = "transaction", ["timeout"] = 60, ["rate"] = "500/s" },
            ["logs of devices as Parquet into the lake's folder"] = new() { ["emulator_sync"] = "local", ["emulation_domain"] = "device-log", ["rows"] = 10_000, ["format_type"] = "parquet" },
        },
        Replies = [new(201, "It is durable and will run.", ServiceJson.Documents.EmulationScheduled) { Headers = new Dictionary<string, string> { ["Location"] = "The emulation." } }],
        Problems = [409, 429],
        Handle = StartAsync,
    };

    private Operation List() => new("GET", "/emulator", "listEmulations", Tag, "List emulations, newest first.")
    {
        Query = JobPage.Fields,
        Replies = [new(200, "A page.", ServiceJson.Documents.EmulationPage)],
        Problems = [422],
        Handle = context =>
        {
            (JobPage page, Problem? problem) = JobPage.Read(context.Request.Query);
            if (problem is not null)
            {
                return Task.FromResult(Reply.Problem(problem));
            }

            IReadOnlyList<EmulationJob> jobs = registry.Page(page.State, page.Before, page.Limit + 1);
            string? next = jobs.Count > page.Limit ? jobs[page.Limit - 1].Record.Number.ToString(CultureInfo.InvariantCulture) : null;
            return Task.FromResult(Reply.Json(200, new EmulationPage([.. jobs.Take(page.Limit).Select(EmulationView.Of)], next), ServiceJson.Documents.EmulationPage));
        },
    };

    private Operation Show() => OfOne("GET", Path, "showEmulation", "Show an emulation: settings, state, progress.") with
    {
        Replies = [new(200, "The emulation.", ServiceJson.Documents.EmulationView)],
        Handle = context => Answer(context, job => Task.FromResult(Reply.Json(200, EmulationView.Of(job), ServiceJson.Documents.EmulationView))),
    };

    private Operation Status() => OfOne("GET", $"{Path}/status", "showEmulationStatus", "Show an emulation's state and progress; made to be asked often.") with
    {
        Replies = [new(200, "The state.", ServiceJson.Documents.StatusView)],
        Handle = context => Answer(context, job => Task.FromResult(Reply.Json(200, StatusView.Of(job), ServiceJson.Documents.StatusView))),
    };

    private Operation Events() => OfOne("GET", $"{Path}/events", "watchEmulation", "Watch an emulation: its state as server-sent events until it ends.") with
    {
        Replies = [new(200, "Events named status, each with the state as data.", ServiceJson.Documents.StatusView, "text/event-stream")],
        Handle = context => Answer(context, job => Task.FromResult(Reply.Stream("text/event-stream", new EmulationEvents(job, clock, stopping).WriteAsync).With("Cache-Control", "no-store"))),
    };

    private Operation Complete() => OfOne("POST", $"{Path}/complete", "completeEmulation", "End an emulation at a chunk's edge, as complete; repeating it is harmless.") with
    {
        Body = [s_pipeline],
        BodyExamples = new Dictionary<string, JsonObject> { ["with a pipeline run"] = new() { ["pipeline"] = true } },
        Replies =
        [
            new(200, "It is complete.", ServiceJson.Documents.EmulationView),
            new(202, "It will be complete, or a pipeline run follows, which the links name.", ServiceJson.Documents.EmulationView) { Headers = new Dictionary<string, string> { ["Location"] = "The pipeline run; absent without one." } },
        ],
        Problems = [404, 409],
        Handle = context => Answer(context, job => CompleteAsync(context, job)),
    };

    private Operation Cancel() => OfOne("DELETE", Path, "cancelEmulation", "Cancel an emulation; what it delivered stays, marked as such. Repeating it is harmless.") with
    {
        Replies =
        [
            new(200, "It is cancelled.", ServiceJson.Documents.EmulationView),
            new(202, "It will be cancelled.", ServiceJson.Documents.EmulationView),
        ],
        Problems = [404, 409],
        Handle = context => Answer(context, async job =>
            await commands.CancelAsync(job).ConfigureAwait(false) is { } problem
                ? Reply.Problem(problem)
                : Reply.Json(job.Record.State.IsEnded() ? 200 : 202, EmulationView.Of(job), ServiceJson.Documents.EmulationView)),
    };

    private static Operation OfOne(string method, string path, string id, string summary) => new(method, path, id, Tag, summary)
    {
        PathParameters = [s_id],
        Problems = [404],
        Replies = [],
        Handle = static _ => throw new InvalidOperationException(),
    };

    private Task<Reply> Answer(HttpContext context, Func<EmulationJob, Task<Reply>> answer)
    {
        string? id = (string?)context.Request.RouteValues["id"];
        return Guid.TryParseExact(id, "D", out Guid parsed) && registry.Find(parsed) is { } job
            ? answer(job)
            : Task.FromResult(Reply.Problem(404, $"there is no emulation '{Excerpt.Of(id ?? "")}': GET /emulator/ lists those that there are"));
    }

    private async Task<Reply> StartAsync(HttpContext context)
    {
        (string? key, Problem? wrongKey) = IdempotencyKey.Read(context.Request);
        if (wrongKey is not null)
        {
            return Reply.Problem(wrongKey);
        }

        (JsonBody body, Problem? problem) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        if (problem is not null)
        {
            return Reply.Problem(problem);
        }

        if (body.Bytes.IsEmpty)
        {
            return Reply.Problem(400, """the body is empty: send an object such as {"emulator_sync": "minio", "emulation_domain": "user-profile", "timeout": 120}""");
        }

        (EmulationJob? job, problem) = await commands.StartAsync(key, body.Bytes, () => reader.Read(body)).ConfigureAwait(false);
        return problem is not null ? Reply.Problem(problem)
            : job is null ? Reply.Problem(429, $"the queue is full: try again in {RetryAfterSeconds} s, when some emulation has had its turn").With("Retry-After", RetryAfterSeconds)
            : Reply.Json(201, EmulationScheduled.Of(job.Record), ServiceJson.Documents.EmulationScheduled).With("Location", $"/emulator/{job.Record.Id}");
    }

    private async Task<Reply> CompleteAsync(HttpContext context, EmulationJob job)
    {
        (JsonBody body, Problem? problem) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        if (problem is not null)
        {
            return Reply.Problem(problem);
        }

        RequestReader given = RequestReader.Of(body.Root, [s_pipeline]);
        bool pipeline = given.ReadValue(s_pipeline) ?? false;
        if (given.HasErrors)
        {
            return Reply.Problem(given.ToProblem());
        }

        if (await commands.CompleteAsync(job, pipeline).ConfigureAwait(false) is { } refusal)
        {
            return Reply.Problem(refusal);
        }

        EmulationView view = EmulationView.Of(job);
        string? run = pipeline ? view.Links.PipelineRun : null;
        Reply reply = Reply.Json(run is not null || !job.Record.State.IsEnded() ? 202 : 200, view, ServiceJson.Documents.EmulationView);
        return run is null ? reply : reply.With("Location", run);
    }
}
