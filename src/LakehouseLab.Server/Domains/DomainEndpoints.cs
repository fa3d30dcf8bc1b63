using System.Buffers;
using System.ComponentModel;
using System.Text;
using System.Text.Json;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server.Fields;
using LakehouseLab.Server.Http;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;
using Microsoft.AspNetCore.Http;

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

/// <summary>The requests about domains.</summary>
internal sealed class DomainEndpoints(Lake lake, EmulatedWorld world)
{
    private const string Tag = "domains";
    private const string JsonSchema = "json-schema";

    private static readonly ChoiceField s_domain = new("domain", "The domain.", [.. DomainSchemas.All.Select(schema => schema.Domain)]) { Required = true, Example = "transaction" };
    private static readonly ChoiceField s_as = new("as", "The language of the schema.", JsonSchema, "avro", "sql", "csv-header") { Default = JsonSchema };
    private static readonly WholeNumberField s_count = new("n", "How many records.", 1, 1000) { Default = 10 };
    private static readonly WholeNumberField s_firstRow = new("first_row", "The first of them.", 0, 1L << 40) { Default = 0 };
    private static readonly ChoiceField s_labels = new("labels", "Whether records carry labels.", "inline", "none") { Default = "inline" };

    /// <summary>The requests.</summary>
    public IEnumerable<Operation> All() => [List(), Schema(), Sample()];

    private Operation List() => new("GET", "/domains", "listDomains", Tag, "List what can be emulated.")
    {
        Replies = [new(200, "The domains.", ServiceJson.Documents.DomainList)],
        Handle = async context =>
        {
            List<DomainView> views = [];
            foreach (DomainSchema schema in DomainSchemas.All)
            {
                long next = await new RangeClaims(lake, schema.Domain).FindNextRowAsync(context.RequestAborted).ConfigureAwait(false);
                views.Add(new DomainView(
                    schema.Domain, schema.Description, schema.Table, schema.Topic, schema.Key, schema.EventTime, next, $"/domains/{schema.Domain}/schema", $"/domains/{schema.Domain}/sample"));
            }

            return Reply.Json(200, new DomainList(views), ServiceJson.Documents.DomainList);
        },
    };

    private static Operation Schema() => new("GET", "/domains/{domain}/schema", "showDomainSchema", Tag, "Show a domain's schema as other systems read it.")
    {
        PathParameters = [s_domain],
        Query = [s_as],
        Replies = [new(200, "The schema, as JSON Schema unless another language is asked for.", null, "application/schema+json"), new(200, "The schema as text.", null, "text/plain")],
        Problems = [404, 422],
        Handle = context => Task.FromResult(Find(context) is { } schema ? Schema(context, schema) : NoDomain(context)),
    };

    private Operation Sample() => new("GET", "/domains/{domain}/sample", "showDomainSample", Tag, "Show a few records as they would be delivered.")
    {
        PathParameters = [s_domain],
        Query = [s_count, s_firstRow, s_labels],
        Replies = [new(200, "The records, one JSON object a line.", null, "application/x-ndjson")],
        Problems = [404, 422],
        Handle = context => Find(context) is { } schema ? SampleAsync(context, schema) : Task.FromResult(NoDomain(context)),
    };

    private static Reply Schema(HttpContext context, DomainSchema schema)
    {
        RequestReader reader = RequestReader.Of(context.Request.Query, [s_as]);
        string language = reader.Read(s_as) ?? JsonSchema;
        if (reader.HasErrors)
        {
            return Reply.Problem(reader.ToProblem());
        }

        return language switch
        {
            "avro" => Reply.Bytes(Encoding.UTF8.GetBytes(SchemaDocument.ToAvro(schema)), "application/json"),
            "sql" => Reply.Bytes(Encoding.UTF8.GetBytes(SchemaDocument.ToSql(schema)), "text/plain; charset=utf-8"),
            "csv-header" => Reply.Bytes(Encoding.UTF8.GetBytes(SchemaDocument.ToCsvHeader(schema)), "text/plain; charset=utf-8"),
            _ => Reply.Bytes(Encoding.UTF8.GetBytes(SchemaDocument.ToJsonSchema(schema)), "application/schema+json"),
        };
    }

    private async Task<Reply> SampleAsync(HttpContext context, DomainSchema schema)
    {
        RequestReader reader = RequestReader.Of(context.Request.Query, [s_count, s_firstRow, s_labels]);
        long first = reader.ReadValue(s_firstRow) ?? 0;
        long count = reader.ReadValue(s_count) ?? 10;
        bool labels = reader.Read(s_labels) is not "none";
        if (reader.HasErrors)
        {
            return Reply.Problem(reader.ToProblem());
        }

        using MemoryStream records = new();
        try
        {
            await Emulator.RunAsync(new EmulationRequest(schema, world, first, count) { Labels = labels }, records, new EmulationControl(), context.RequestAborted).ConfigureAwait(false);
        }
        catch (WorldEndException refusal)
        {
            reader.Fail(s_firstRow.Name, refusal.Message);
            return Reply.Problem(reader.ToProblem());
        }

        return Reply.Bytes(records.ToArray(), "application/x-ndjson");
    }

    private static DomainSchema? Find(HttpContext context) => DomainSchemas.Find((string?)context.Request.RouteValues["domain"] ?? "");

    private static Reply NoDomain(HttpContext context)
    {
        s_domain.TryRead(JsonSerializer.SerializeToElement((string?)context.Request.RouteValues["domain"] ?? "", ServiceJson.Documents.String), out _, out string? problem);
        return Reply.Problem(404, $"the domain {problem}");
    }
}
