using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Fields;
using LakehouseLab.Server.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LakehouseLab.Server.OpenApi;

/// <summary>
/// The OpenAPI document, made from the declarations that route and validate: requests from their fields, answers from the
/// types that are written.
/// </summary>
/// <param name="operations">Everything that the service answers.</param>
/// <param name="needsKey">Whether requests bear a key.</param>
/// <param name="settings">The fields that settings of emulations are described by.</param>
internal sealed class OpenApiDocument(IReadOnlyList<Operation> operations, bool needsKey, IReadOnlyList<RequestField> settings)
{
    private const string Schemas = "#/components/schemas/";

    // What any request can be answered with: refused, or a system behind the service fails.
    private static readonly int[] s_always = [403, 503];

    // A body can be no JSON, come too slowly, be too large, of another type, or hold wrong fields.
    private static readonly int[] s_withBody = [400, 408, 413, 415, 422];

    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);

    /// <summary>The statuses of problems that an operation declares.</summary>
    public static IEnumerable<int> ProblemsOf(Operation operation, bool needsKey) =>
        operation.Problems.Concat(s_always).Concat(operation.Body is null ? [] : s_withBody).Concat(needsKey && !operation.IsOpen ? [401] : Array.Empty<int>()).Distinct().Order();

    /// <summary>Makes the document.</summary>
    public JsonObject Make()
    {
        JsonObject paths = [];
        foreach (Operation operation in operations)
        {
            JsonObject path = (JsonObject)(paths[operation.Path] ??= new JsonObject());
            path[operation.Method.ToLowerInvariant()] = Describe(operation);
        }

        Reference(ServiceJson.Documents.Problem);
        JsonObject components = new() { ["schemas"] = new JsonObject(_schemas.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) };
        JsonObject document = new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Lakehouse Lab: emulator service",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
                ["description"] = "Starts emulations that deliver records to MinIO, Kafka or local files, each record once, and takes them through Bronze, Silver and Gold. A slash at the end of a path changes nothing.",
            },
            ["paths"] = paths,
            ["components"] = components,
        };
        if (needsKey)
        {
            components["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } };
            document["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() });
        }

        return document;
    }

    private JsonObject Describe(Operation operation)
    {
        JsonObject described = new()
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = operation.Summary,
        };
        if (needsKey && operation.IsOpen)
        {
            described["security"] = new JsonArray();
        }

        JsonArray parameters = [.. operation.PathParameters.Select(field => Parameter(field, "path")), .. operation.Query.Select(field => Parameter(field, "query")), .. operation.Headers.Select(field => Parameter(field, "header"))];
        if (parameters.Count > 0)
        {
            described["parameters"] = parameters;
        }

        if (operation.Body is not null)
        {
            described["requestBody"] = Body(operation, operation.Body);
        }

        described["responses"] = Responses(operation);
        return described;
    }

    private static JsonObject Parameter(RequestField field, string place)
    {
        JsonObject schema = field.Describe();
        schema.Remove("description");
        return new JsonObject { ["name"] = field.Name, ["in"] = place, ["required"] = field.Required, ["description"] = field.Description, ["schema"] = schema };
    }

    private static JsonObject Body(Operation operation, IReadOnlyList<RequestField> fields)
    {
        JsonObject schema = new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)(field.Required ? field.Describe() : OrNull(field.Describe()))))),
            ["additionalProperties"] = false,
        };
        if (fields.Any(field => field.Required))
        {
            schema["required"] = new JsonArray([.. fields.Where(field => field.Required).Select(field => (JsonNode)field.Name)]);
        }

        JsonObject content = new() { ["schema"] = schema };
        if (operation.BodyExamples.Count > 0)
        {
            content["examples"] = new JsonObject(operation.BodyExamples.Select(example => KeyValuePair.Create(example.Key, (JsonNode?)new JsonObject { ["value"] = example.Value.DeepClone() })));
        }

        return new JsonObject { ["required"] = operation.BodyIsRequired, ["content"] = new JsonObject { ["application/json"] = content } };
    }

    // Null is how some clients spell that nothing is stated.
    private static JsonObject OrNull(JsonObject schema)
    {
        if ((string?)schema["type"] is { } type)
        {
            schema["type"] = new JsonArray(type, "null");
        }

        (schema["enum"] as JsonArray)?.Add((JsonNode?)null);
        (schema["oneOf"] as JsonArray)?.Add(new JsonObject { ["type"] = "null" });
        return schema;
    }

    private JsonObject Responses(Operation operation)
    {
        JsonObject responses = [];
        foreach (IGrouping<int, DeclaredReply> status in operation.Replies.GroupBy(reply => reply.Status))
        {
            JsonObject content = new(status.Select(reply => KeyValuePair.Create(
                reply.ContentType, (JsonNode?)(reply.Type is null ? new JsonObject() : new JsonObject { ["schema"] = Reference(reply.Type) }))));
            JsonObject response = new() { ["description"] = string.Join(" ", status.Select(reply => reply.Description)), ["content"] = content };
            if (status.SelectMany(reply => reply.Headers).ToList() is { Count: > 0 } headers)
            {
                response["headers"] = new JsonObject(headers.Select(header => KeyValuePair.Create(
                    header.Key, (JsonNode?)new JsonObject { ["description"] = header.Value, ["schema"] = new JsonObject { ["type"] = "string" } })));
            }

            responses[status.Key.ToString(CultureInfo.InvariantCulture)] = response;
        }

        foreach (int status in ProblemsOf(operation, needsKey))
        {
            string key = status.ToString(CultureInfo.InvariantCulture);
            JsonObject response = (JsonObject)(responses[key] ??= new JsonObject { ["description"] = ReasonPhrases.GetReasonPhrase(status), ["content"] = new JsonObject() });
            ((JsonObject)response["content"]!)[Problem.ContentType] = new JsonObject { ["schema"] = Reference(ServiceJson.Documents.Problem) };
        }

        return responses;
    }

    private JsonObject Reference(JsonTypeInfo type)
    {
        string name = type.Type.Name;
        if (!_schemas.ContainsKey(name))
        {
            _schemas[name] = FromRoot(type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete }), $"{Schemas}{name}");
        }

        return new JsonObject { ["$ref"] = $"{Schemas}{name}" };
    }

    // A type that comes twice in a schema refers to its first place, from the schema's root, which is not the document's.
    private static JsonNode FromRoot(JsonNode schema, string place)
    {
        IEnumerable<JsonNode?> members = schema switch
        {
            JsonObject described => described.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (JsonNode member in members.OfType<JsonNode>())
        {
            FromRoot(member, place);
        }

        if (schema is JsonObject referring && referring["$ref"]?.GetValueKind() == JsonValueKind.String)
        {
            referring["$ref"] = $"{place}{((string)referring["$ref"]!)[1..]}";
        }

        return schema;
    }

    private JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(DateTimeOffset))
        {
            schema = new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        }

        if (schema is not JsonObject described)
        {
            return schema;
        }

        // What is null is left out.
        if (described["type"] is JsonArray types && types.Count == 2)
        {
            described["type"] = types.Select(word => (string?)word).First(word => word != "null");
        }

        if (described["properties"] is JsonObject members)
        {
            // What cannot be null is always written.
            described["additionalProperties"] ??= false;
            described["required"] = new JsonArray([.. context.TypeInfo.Properties
                .Where(property => members.ContainsKey(property.Name) && !property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null)
                .Select(property => (JsonNode)property.Name)]);
        }

        ICustomAttributeProvider? member = context.PropertyInfo?.AttributeProvider;
        string? description = member?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).OfType<DescriptionAttribute>().FirstOrDefault()?.Description
            ?? (context.PropertyInfo?.DeclaringType.IsAssignableTo(typeof(EmulationSettings)) is true ? settings.FirstOrDefault(field => field.Name == context.PropertyInfo.Name)?.Description : null);
        if (description is not null)
        {
            described["description"] = description;
        }

        return described;
    }
}
