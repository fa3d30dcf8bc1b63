using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LakehouseLab.Tests.Server;

/// <summary>Holds answers to an OpenAPI document: status, media type and every value of the body must be declared.</summary>
internal sealed class ApiContract
{
    private static readonly string[] s_anywhere = ["404", "405"];

    private ApiContract(JsonObject document) => Document = document;

    /// <summary>The document.</summary>
    public JsonObject Document { get; }

    /// <summary>Reads a service's document.</summary>
    public static async Task<ApiContract> ReadAsync(HttpClient client) =>
        new((JsonObject)JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!);

    /// <summary>Checks an answer.</summary>
    public void Check(string method, string path, HttpResponseMessage response, string body)
    {
        string status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        JsonNode? operation = Find(method, path);
        if (operation is null)
        {
            Assert.True(s_anywhere.Contains(status) || status is "400" or "403" or "401" or "414", $"{method} {path} is not declared and was answered with {status}: {body}");
            return;
        }

        JsonNode? declared = operation["responses"]![status];
        Assert.True(declared is not null, $"{method} {path}: {status} is not declared; {body}");
        string? mediaType = response.Content.Headers.ContentType?.MediaType;
        JsonNode? content = declared["content"]?[mediaType ?? ""];
        Assert.True(content is not null, $"{method} {path}: {status} with {mediaType} is not declared");
        if (content["schema"] is { } schema && mediaType is "application/json" or "application/problem+json")
        {
            Conforms(content["schema"]!, JsonNode.Parse(body), $"{method} {path} {status}");
        }
    }

    /// <summary>Checks a value against a schema.</summary>
    public void Conforms(JsonNode schema, JsonNode? value, string place)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            Assert.StartsWith("#/components/schemas/", reference, StringComparison.Ordinal);
            Conforms(reference["#/".Length..].Split('/').Aggregate((JsonNode)Document, (node, step) => node[step]!), value, place);
            return;
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            Assert.Contains(choices, choice => (string?)choice!["type"] == TypeOf(value) || ((string?)choice["type"] == "number" && TypeOf(value) == "integer"));
            return;
        }

        if ((string?)schema["type"] is { } type)
        {
            Assert.True(type == TypeOf(value) || (type == "number" && TypeOf(value) == "integer"), $"{place}: {value?.ToJsonString()} is no {type}");
        }

        if (schema["enum"] is JsonArray words)
        {
            Assert.True(words.Any(word => JsonNode.DeepEquals(word, value)), $"{place}: {value?.ToJsonString()} is none of {words.ToJsonString()}");
        }

        if (value is JsonObject members)
        {
            ConformsObject(schema, members, place);
        }

        if (value is JsonArray items && schema["items"] is { } of)
        {
            Assert.All(items, item => Conforms(of, item, $"{place}[]"));
        }
    }

    private void ConformsObject(JsonNode schema, JsonObject members, string place)
    {
        JsonObject properties = schema["properties"] as JsonObject ?? [];
        foreach (JsonNode? required in schema["required"] as JsonArray ?? [])
        {
            Assert.True(members.ContainsKey((string)required!), $"{place}: {required} is missing");
        }

        foreach ((string name, JsonNode? member) in members)
        {
            if (properties[name] is { } property)
            {
                Conforms(property, member, $"{place}.{name}");
                continue;
            }

            JsonNode? others = schema["additionalProperties"];
            Assert.True(others is null || others.GetValueKind() != JsonValueKind.False, $"{place}: {name} is not declared");
            if (others is JsonObject)
            {
                Conforms(others, member, $"{place}.{name}");
            }
        }
    }

    private JsonNode? Find(string method, string path)
    {
        string plain = path.Split('?')[0].TrimEnd('/') is { Length: > 0 } whole ? whole : "/";
        foreach ((string template, JsonNode? methods) in (JsonObject)Document["paths"]!)
        {
            if (Regex.IsMatch(plain, $"^{Regex.Replace(template, "{[^}]+}", "[^/]+")}$") && methods![method.ToLowerInvariant()] is { } operation)
            {
                return operation;
            }
        }

        return null;
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.GetValue<JsonElement>().TryGetInt64(out _) ? "integer" : "number",
        _ => "boolean",
    };
}
