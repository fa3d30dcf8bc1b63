using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using LakehouseLab.Server.Problems;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.Requests;

/// <summary>A field of a request, declared once: what validates it also documents it.</summary>
/// <param name="name">Its name, in snake_case.</param>
/// <param name="description">What it says, in one sentence.</param>
internal abstract class RequestField(string name, string description)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>What it says.</summary>
    public string Description => description;

    /// <summary>Whether it must be stated.</summary>
    public bool Required { get; init; }

    /// <summary>What holds when it is not stated; null when that depends on other fields.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>A value to copy.</summary>
    public JsonNode? Example { get; init; }

    /// <summary>Its values as JSON Schema, with all that is known of it but its description.</summary>
    public OpenApiSchema Schema
    {
        get
        {
            OpenApiSchema schema = Values();
            schema.Default = Default?.DeepClone();
            schema.Examples = Example is null ? null : [Example.DeepClone()];
            return schema;
        }
    }

    /// <summary>The value that a text of a query, path or header stands for.</summary>
    public virtual JsonElement OfText(string text) => JsonSerializer.SerializeToElement(text);

    /// <summary>Its values as JSON Schema.</summary>
    protected abstract OpenApiSchema Values();
}

/// <summary>A field with values of a type.</summary>
/// <param name="name">See <see cref="RequestField"/>.</param>
/// <param name="description">See <see cref="RequestField"/>.</param>
internal abstract class RequestField<T>(string name, string description) : RequestField(name, description)
{
    /// <summary>Reads a value.</summary>
    /// <param name="value">What was sent; not null.</param>
    /// <param name="result">The value.</param>
    /// <param name="problem">What is wrong and what is allowed, after the field's name.</param>
    public abstract bool TryRead(JsonElement value, [MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out string? problem);

    /// <summary>Shows what was sent.</summary>
    protected static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"'{Excerpt.Of(value.GetString()!)}'",
        _ => Excerpt.Of(value.GetRawText()),
    };
}
