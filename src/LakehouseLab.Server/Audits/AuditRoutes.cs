using System.Text.Json.Nodes;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Docs;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LakehouseLab.Server.Audits;

/// <summary>The requests about audits.</summary>
internal static class AuditRoutes
{
    private const string Path = "/audits";
    private const string Kind = LakeTaskRecord.Audit;

    private static readonly LakeTaskAnswers<AuditView> s_answers = new(Path, Kind, "audit", AuditView.Of);
    private static readonly RequestDeclaration s_one = new() { Path = [new IdField("id", "The audit.") { Required = true }] };
    private static readonly IdField s_emulation = new("emulation", "The emulation whose records are looked at; all unless stated.");
    private static readonly LayersField s_layers = new("layers", "Layers that must be there and right; those that are there unless stated.") { Example = new JsonArray("raw", "bronze") };
    private static readonly TextField s_sample = new("sample", "Share of the users whose features are compared in full; everyone unless stated.", 12, "a share such as 1/64", static text => UserSample.TryParse(text, out _)) { Example = "1/64", Pattern = "^1/[0-9]+$" };
    private static readonly SwitchField s_requireComplete = new("require_complete", "Whether tables that are behind count against the lake.") { Default = false };
    private static readonly ReceiptsField s_expect = new("expect", "Receipts of what must be there: what emulate --json printed, or this service's answers about emulations.");
    private static readonly IReadOnlyList<RequestField> s_fields = [s_emulation, s_layers, s_sample, s_requireComplete, s_expect];

    /// <summary>Adds the parts of the service that audits need.</summary>
    public static void AddAudits(this IServiceCollection services)
    {
        services.AddSingleton<ILakeWork, AuditWork>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AuditReports.Default));
    }

    /// <summary>Routes the requests.</summary>
    public static void MapAudits(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder audits = routes.MapGroup(Path).WithTags("audits");
        audits.MapPost("", StartAsync).WithName("startAudit").WithSummary("Start an audit: every record is recomputed and compared with what each layer holds.")
            .Reads(new RequestDeclaration
            {
                Headers = [IdempotencyKey.Field],
                Body = s_fields,
                BodyExamples = new Dictionary<string, JsonObject> { ["everything"] = [], ["raw records only"] = new() { ["layers"] = new JsonArray("raw") } },
            })
            .Answers<AuditView>(202, "It is durable and will run.", location: "The audit.").ProducesProblem(404).ProducesProblem(429);
        audits.MapMethods("", Methods.Read, List).WithName("listAudits").WithSummary("List audits, newest first.")
            .Reads(JobPage.Declaration).Answers<AuditPage>(200, "A page.");
        audits.MapMethods("/{id}", Methods.Read, s_answers.Show).WithName("showAudit").WithSummary("Show an audit: state and findings.")
            .Reads(s_one).Answers<AuditView>(200, "The audit, or a page about it for clients that accept text/html.", page: PageChoice.Html).ProducesProblem(404);
        audits.MapGet("/{id}/events", s_answers.Watch).WithName("watchAudit").WithSummary("Watch an audit: the same document as server-sent events until it ends.")
            .Reads(s_one).Answers<AuditView>(200, "Events named status, each with the audit as data.", JobEvents.MediaType).ProducesProblem(404);
        audits.MapDelete("/{id}", s_answers.CancelAsync).WithName("cancelAudit").WithSummary("Cancel an audit. Repeating it is harmless.")
            .Reads(s_one).Answers<AuditView>(200, "It is cancelled.").Answers<AuditView>(202, "It will be cancelled.").ProducesProblem(404).ProducesProblem(409);
    }

    private static Task<IResult> StartAsync(IdempotencyKey key, JsonBody body, LakeTasks tasks, EmulationLookup emulations, HttpContext context) => tasks.AnswerAsync(
        Kind, key, body, context.Response, record => SettleAsync(body, record, emulations, context.RequestAborted), s_answers.Accept);

    private static IResult List(JobPage page, LakeTasks tasks)
    {
        (IReadOnlyList<AuditView> audits, string? next) = s_answers.List(page, tasks);
        return TypedResults.Ok(new AuditPage(audits, next));
    }

    private static async Task<(LakeTaskRecord? Record, ProblemDetails? Problem)> SettleAsync(JsonBody body, LakeTaskRecord record, EmulationLookup emulations, CancellationToken cancellationToken)
    {
        RequestReader reader = RequestReader.Of(body.Root, s_fields);
        AuditSettings settings = new()
        {
            Emulation = reader.ReadValue(s_emulation),
            Layers = reader.Read(s_layers),
            Sample = reader.Read(s_sample),
            RequireComplete = reader.ReadValue(s_requireComplete) is true,
            Expect = reader.Read(s_expect),
        };
        if (settings is { Emulation: not null, Layers: { } layers } && layers.Contains("gold", StringComparer.Ordinal))
        {
            reader.Fail(s_layers.Name, "has 'gold', which sums up all emulations and cannot be audited for one: leave it or the emulation out");
        }

        if (reader.HasErrors)
        {
            return (null, reader.ToProblem());
        }

        return settings.Emulation is { } emulation && !await emulations.IsKnownAsync(emulation, cancellationToken).ConfigureAwait(false)
            ? (null, Problem.Of(404, $"the lake has no emulation '{emulation}': GET /emulator/ lists those of this service, the lake's raw/_emulations folder all"))
            : (record with { AuditOf = settings }, null);
    }
}
