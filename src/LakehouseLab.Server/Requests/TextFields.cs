using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using LakehouseLab.World.Requests;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.Requests;

/// <summary>One of a few words.</summary>
internal sealed class ChoiceField(string name, string description, params string[] words) : RequestField<string>(name, description)
{
    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out string result, [NotNullWhen(false)] out string? problem)
    {
        string? given = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        result = given is null ? null : words.FirstOrDefault(word => word == given);
        problem = result is not null ? null
            : $"is {Show(value)}: allowed are {string.Join(", ", words)}{(given is { Length: <= 40 } ? NearestWord.Ask(given, words) : "")}";
        return result is not null;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new() { Type = JsonSchemaType.String, Enum = [.. words] };
}

/// <summary>A text of some form.</summary>
/// <param name="name">See <see cref="RequestField"/>.</param>
/// <param name="description">See <see cref="RequestField"/>.</param>
/// <param name="maxLength">Characters at most.</param>
/// <param name="form">The form, after "allowed is".</param>
/// <param name="isOfForm">Whether a text has it.</param>
internal sealed class TextField(string name, string description, int maxLength, string form, Func<string, bool> isOfForm) : RequestField<string>(name, description)
{
    /// <summary>The form as a regular expression for documents; null when there is none.</summary>
    public string? Pattern { get; init; }

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out string result, [NotNullWhen(false)] out string? problem)
    {
        result = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        bool isRight = result is { Length: > 0 } && result.Length <= maxLength && isOfForm(result);
        problem = isRight ? null : $"is {Show(value)}: allowed is {form}, at most {maxLength} characters";
        return isRight;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = maxLength, Pattern = Pattern };
}

/// <summary>An id.</summary>
internal sealed class IdField(string name, string description) : RequestField<Guid>(name, description)
{
    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, out Guid result, [NotNullWhen(false)] out string? problem)
    {
        result = default;
        bool isRight = value.ValueKind == JsonValueKind.String && Guid.TryParseExact(value.GetString(), "D", out result);
        problem = isRight ? null : $"is {Show(value)}: allowed is a UUID such as 8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f";
        return isRight;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new() { Type = JsonSchemaType.String, Format = "uuid" };
}
