using System.ComponentModel;
using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Server.Fields;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using Microsoft.AspNetCore.Http;

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

    [Description("Why it failed; absent when it did not.")]
    public string? Error { get; init; }

    [Description("What it found; absent before its end.")]
    public AuditReport? Findings { get; init; }

    public required string Link { get; init; }

    /// <summary>The document of an audit.</summary>
    public static AuditView Of(LakeTask task)
    {
        LakeTaskRecord record = task.Record;
        return new AuditView(record.Id, record.State, record.AuditOf!, record.CreatedAt)
        {
            StartedAt = record.StartedAt,
            EndedAt = record.EndedAt,
            Step = record.State == JobState.Running ? task.Step : null,
            Error = record.Reason,
            Findings = record.Findings,
            Link = $"/audits/{record.Id}",
        };
    }
}

/// <summary>The requests about audits.</summary>
internal sealed class AuditEndpoints(LakeTasks tasks)
{
    private const string Tag = "audits";
    private const string Path = "/audits";

    private static readonly IdField s_id = new("id", "The audit.") { Required = true };
    private static readonly IdField s_emulation = new("emulation", "The emulation whose records are looked at; all unless stated.");
    private static readonly LayersField s_layers = new("layers", "Layers that must be there and right; those that are there unless stated.") { Example = new JsonArray("raw", "bronze") };
    private static readonly SwitchField s_requireComplete = new("require_complete", "Whether tables that are behind count against the lake.") { Default = false };
    private static readonly IReadOnlyList<RequestField> s_fields = [s_emulation, s_layers, s_requireComplete];

    /// <summary>The requests.</summary>
    public IEnumerable<Operation> All() => [Start(), Show()];

    private Operation Start() => new("POST", Path, "startAudit", Tag, "Start an audit: every record is made again and compared with what lies in each layer.")
    {
        Body = s_fields,
        BodyExamples = new Dictionary<string, JsonObject> { ["everything"] = [], ["raw records only"] = new() { ["layers"] = new JsonArray("raw") } },
        Replies = [new(202, "It is durable and will run.", ServiceJson.Documents.AuditView) { Headers = new Dictionary<string, string> { ["Location"] = "The audit." } }],
        Problems = [429],
        Handle = StartAsync,
    };

    private Operation Show() => new("GET", $"{Path}/{{id}}", "showAudit", Tag, "Show an audit: state and findings.")
    {
        PathParameters = [s_id],
        Replies = [new(200, "The audit.", ServiceJson.Documents.AuditView)],
        Problems = [404],
        Handle = context =>
        {
            string id = (string?)context.Request.RouteValues["id"] ?? "";
            return Task.FromResult(Guid.TryParseExact(id, "D", out Guid parsed) && tasks.Find(LakeTaskRecord.Audit, parsed) is { } task
                ? Reply.Json(200, AuditView.Of(task), ServiceJson.Documents.AuditView)
                : Reply.Problem(404, $"there is no audit '{Excerpt.Of(id)}': POST {Path} starts one"));
        },
    };

    private async Task<Reply> StartAsync(HttpContext context)
    {
        (JsonBody body, Problem? problem) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        if (problem is not null)
        {
            return Reply.Problem(problem);
        }

        RequestReader reader = RequestReader.Of(body.Root, s_fields);
        AuditSettings settings = new() { Emulation = reader.ReadValue(s_emulation), Layers = reader.Read(s_layers), RequireComplete = reader.ReadValue(s_requireComplete) is true };
        if (settings is { Emulation: not null, Layers: { } layers } && layers.Contains("gold", StringComparer.Ordinal))
        {
            reader.Fail(s_layers.Name, "has 'gold', which sums up all emulations and cannot be audited for one: leave it or the emulation out");
        }

        if (reader.HasErrors)
        {
            return Reply.Problem(reader.ToProblem());
        }

        LakeTask? audit = await tasks.StartAsync(tasks.Make(LakeTaskRecord.Audit) with { AuditOf = settings }).ConfigureAwait(false);
        return audit is null ? LakeReplies.Full()
            : Reply.Json(202, AuditView.Of(audit), ServiceJson.Documents.AuditView).With("Location", $"{Path}/{audit.Record.Id}");
    }
}
