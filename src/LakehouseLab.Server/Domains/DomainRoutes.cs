using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LakehouseLab.Server.Domains;

/// <summary>The domains.</summary>
internal sealed record DomainList(IReadOnlyList<DomainView> Domains);

/// <summary>A domain.</summary>
internal sealed record DomainView(
    [property: Description("Its name in requests.")] string Domain,
    [property: Description("What one record is.")] string Description,
    [property: Description("Its table in every layer.")] string Table,
    [property: Description("Its topic unless another one is asked for.")] string Topic,
    [property: Description("The fields that together identify a record.")] IReadOnlyList<string> Key,
    [property: Description("The field that orders the records.")] string EventTime,
    [property: Description("The row after all that the lake has claimed.")] long NextRow,
    string Schema,
    string Sample);

/// <summary>The answers about domains.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DomainList))]
internal sealed partial class DomainReports : JsonSerializerContext;

/// <summary>The requests about domains.</summary>
internal static class DomainRoutes
{
    private const string JsonSchema = "json-schema";
    private const string SchemaType = "application/schema+json";
    private const string Lines = "application/x-ndjson";

    private static readonly ChoiceField s_domain = new("domain", "The domain.", [.. Domain.All.Select(static domain => domain.Name)]) { Required = true, Example = Domain.Measure.Name };
    private static readonly ChoiceField s_as = new("as", "The language of the schema.", JsonSchema, "avro", "sql", "csv-header") { Default = JsonSchema };
    private static readonly WholeNumberField s_count = new("n", "How many records.", 1, 1000) { Default = 10 };
    private static readonly WholeNumberField s_firstRow = new("first_row", "The first of them.", 0, 1L << 40) { Default = 0 };
    private static readonly ChoiceField s_labels = new("labels", "Whether records carry labels.", "inline", "none") { Default = "inline" };

    /// <summary>Adds the parts of the service that the requests need.</summary>
    public static void AddDomains(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, DomainReports.Default));

    /// <summary>Routes the requests.</summary>
    public static void MapDomains(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder domains = routes.MapGroup("/domains").WithTags("domains");
        domains.MapMethods("", Methods.Read, ListAsync).WithName("listDomains").WithSummary("List what can be emulated.")
            .Answers<DomainList>(200, "The domains.");
        domains.MapMethods("/{domain}/schema", Methods.Read, ShowSchema).WithName("showDomainSchema").WithSummary("Show a domain's schema as other systems read it.")
            .Reads(new RequestDeclaration { Path = [s_domain], Query = [s_as] })
            .AnswersContent("The schema, as JSON Schema unless another language is asked for.", SchemaType, "application/json", "text/plain").ProducesProblem(404);
        domains.MapMethods("/{domain}/sample", Methods.Read, SampleAsync).WithName("showDomainSample").WithSummary("Show a few records as they would be delivered.")
            .Reads(new RequestDeclaration { Path = [s_domain], Query = [s_count, s_firstRow, s_labels] })
            .AnswersContent("The records, one JSON object a line.", Lines).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(Lake lake, CancellationToken cancellationToken)
    {
        List<DomainView> views = [];
        foreach (Domain domain in Domain.All)
        {
            long next = await new RangeClaims(lake, domain.Name).FindNextRowAsync(cancellationToken).ConfigureAwait(false);
            views.Add(new DomainView(
                domain.Name, domain.Schema.Description, domain.Table, domain.Topic, domain.Schema.Key, domain.Schema.EventTime, next, $"/domains/{domain.Name}/schema", $"/domains/{domain.Name}/sample"));
        }

        return TypedResults.Ok(new DomainList(views));
    }

    private static IResult ShowSchema(string domain, HttpRequest request)
    {
        if (Domain.Find(domain) is not { } known)
        {
            return NotThere(domain);
        }

        RequestReader reader = RequestReader.Of(request.Query, [s_as]);
        string language = reader.Read(s_as) ?? JsonSchema;
        return reader.HasErrors ? TypedResults.Problem(reader.ToProblem()) : language switch
        {
            "avro" => TypedResults.Text(SchemaDocument.ToAvro(known.Schema), "application/json", Encoding.UTF8),
            "sql" => TypedResults.Text(SchemaDocument.ToSql(known.Schema), "text/plain", Encoding.UTF8),
            "csv-header" => TypedResults.Text(SchemaDocument.ToCsvHeader(known.Schema), "text/plain", Encoding.UTF8),
            _ => TypedResults.Text(SchemaDocument.ToJsonSchema(known.Schema), SchemaType, Encoding.UTF8),
        };
    }

    private static async Task<IResult> SampleAsync(string domain, HttpRequest request, EmulatedWorld world, CancellationToken cancellationToken)
    {
        if (Domain.Find(domain) is not { } known)
        {
            return NotThere(domain);
        }

        RequestReader reader = RequestReader.Of(request.Query, [s_count, s_firstRow, s_labels]);
        long first = reader.ReadValue(s_firstRow) ?? 0;
        long count = reader.ReadValue(s_count) ?? 10;
        bool labels = reader.Read(s_labels) is not "none";
        if (reader.HasErrors)
        {
            return TypedResults.Problem(reader.ToProblem());
        }

        using MemoryStream records = new();
        try
        {
            await Emulator.RunAsync(new EmulationRequest(known, world, first, count) { Labels = labels }, records, new EmulationControl(), cancellationToken).ConfigureAwait(false);
        }
        catch (WorldEndException refusal)
        {
            reader.Fail(s_firstRow.Name, refusal.Message);
            return TypedResults.Problem(reader.ToProblem());
        }

        return TypedResults.Bytes(records.ToArray(), Lines);
    }

    private static IResult NotThere(string domain)
    {
        s_domain.TryRead(JsonSerializer.SerializeToElement(domain), out _, out string? problem);
        return TypedResults.Problem(Problem.Of(404, $"the domain {problem}"));
    }
}
