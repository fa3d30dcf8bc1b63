using System.ComponentModel;
using System.Text.Json.Nodes;
using LakehouseLab.Audit.Gold;
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

    [Description("How far it is; absent when it does not work.")]
    public LakeTaskProgress? Progress { get; init; }

    [Description("Why it failed; absent when it did not.")]
    public string? Error { get; init; }

    [Description("What it found; absent before its end.")]
    public AuditReport? Findings { get; init; }

    public required string Link { get; init; }

    /// <summary>The document of an audit.</summary>
    public static AuditView Of(LakeTask task) => Of(task.Record, task.Progress);

    /// <summary>The document of an audit.</summary>
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

/// <summary>The requests about audits.</summary>
internal sealed class AuditEndpoints(LakeTasks tasks, EmulationLookup emulations)
{
    private const string Tag = "audits";
    private const string Path = "/audits";

    private static readonly IdField s_id = new("id", "The audit.") { Required = true };
    private static readonly IdField s_emulation = new("emulation", "The emulation whose records are looked at; all unless stated.");
    private static readonly LayersField s_layers = new("layers", "Layers that must be there and right; those that are there unless stated.") { Example = new JsonArray("raw", "bronze") };
    private static readonly TextField s_sample = new("sample", "Share of the users whose features are compared in full; everyone unless stated.", 12, "a share such as 1/64", static text => UserSample.TryParse(text, out _)) { Example = "1/64", Pattern = "^1/[0-9]+$" };
    private static readonly SwitchField s_requireComplete = new("require_complete", "Whether tables that are behind count against the lake.") { Default = false };
    private static readonly IReadOnlyList<RequestField> s_fields = [s_emulation, s_layers, s_sample, s_requireComplete];

    private readonly LakeReplies _replies = new(tasks, LakeTaskRecord.Audit, Path);

    /// <summary>The requests.</summary>
    public IEnumerable<Operation> All() => [Start(), List(), Show(), Cancel()];

    private Operation Start() => new("POST", Path, "startAudit", Tag, "Start an audit: every record is made again and compared with what lies in each layer.")
    {
        Headers = [IdempotencyKey.Field],
        Body = s_fields,
        BodyExamples = new Dictionary<string, JsonObject> { ["everything"] = [], ["raw records only"] = new() { ["layers"] = new JsonArray("raw") } },
        Replies = [new(202, "It is durable and will run.", ServiceJson.Documents.AuditView) { Headers = new Dictionary<string, string> { ["Location"] = "The audit." } }],
        Problems = [404, 429],
        Handle = context => _replies.StartAsync(context, (body, record) => SettleAsync(body, record, context.RequestAborted), static (status, record) => Reply.Json(status, AuditView.Of(record, null), ServiceJson.Documents.AuditView)),
    };

    private Operation List() => new("GET", Path, "listAudits", Tag, "List audits, newest first.")
    {
        Query = JobPage.Fields,
        Replies = [new(200, "A page.", ServiceJson.Documents.AuditPage)],
        Problems = [422],
        Handle = context => _replies.List(context, static (audits, next) => Reply.Json(200, new AuditPage([.. audits.Select(AuditView.Of)], next), ServiceJson.Documents.AuditPage)),
    };

    private Operation Show() => new("GET", $"{Path}/{{id}}", "showAudit", Tag, "Show an audit: state and findings.")
    {
        PathParameters = [s_id],
        Replies = [new(200, "The audit.", ServiceJson.Documents.AuditView)],
        Problems = [404],
        Handle = context => _replies.Show(context, static audit => Reply.Json(200, AuditView.Of(audit), ServiceJson.Documents.AuditView)),
    };

    private Operation Cancel() => new("DELETE", $"{Path}/{{id}}", "cancelAudit", Tag, "Cancel an audit. Repeating it is harmless.")
    {
        PathParameters = [s_id],
        Replies = [new(200, "It is cancelled.", ServiceJson.Documents.AuditView), new(202, "It will be cancelled.", ServiceJson.Documents.AuditView)],
        Problems = [404, 409],
        Handle = context => _replies.CancelAsync(context, static (status, audit) => Reply.Json(status, AuditView.Of(audit), ServiceJson.Documents.AuditView)),
    };

    private async Task<(LakeTaskRecord? Record, Problem? Problem)> SettleAsync(JsonBody body, LakeTaskRecord record, CancellationToken cancellationToken)
    {
        RequestReader reader = RequestReader.Of(body.Root, s_fields);
        AuditSettings settings = new() { Emulation = reader.ReadValue(s_emulation), Layers = reader.Read(s_layers), Sample = reader.Read(s_sample), RequireComplete = reader.ReadValue(s_requireComplete) is true };
        if (settings is { Emulation: not null, Layers: { } layers } && layers.Contains("gold", StringComparer.Ordinal))
        {
            reader.Fail(s_layers.Name, "has 'gold', which sums up all emulations and cannot be audited for one: leave it or the emulation out");
        }

        if (reader.HasErrors)
        {
            return (null, reader.ToProblem());
        }

        return settings.Emulation is { } emulation && !await emulations(emulation, cancellationToken).ConfigureAwait(false)
            ? (null, Problem.Of(404, $"the lake has no emulation '{emulation}': GET /emulator/ lists those of this service, the lake's raw/_emulations folder all"))
            : (record with { AuditOf = settings }, null);
    }
}

/// <summary>Tells whether the lake or the service knows an emulation.</summary>
internal delegate Task<bool> EmulationLookup(Guid emulation, CancellationToken cancellationToken);
