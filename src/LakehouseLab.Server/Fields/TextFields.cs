using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using LakehouseLab.World;

namespace LakehouseLab.Server.Fields;

/// <summary>One of a few words.</summary>
internal sealed class ChoiceField(string name, string description, params string[] words) : RequestField<string>(name, description)
{
    /// <summary>Words that come later, each with what is said of it.</summary>
    public IReadOnlyDictionary<string, string> Later { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override JsonObject Schema => new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out string result, [NotNullWhen(false)] out string? problem)
    {
        string? given = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        result = given is null ? null : words.FirstOrDefault(word => word == given);
        problem = result is not null ? null
            : given is not null && Later.TryGetValue(given, out string? later) ? $"is {Show(value)}: {later}"
            : $"is {Show(value)}: allowed are {string.Join(", ", words)}{(given is { Length: <= 40 } ? NearestWord.Ask(given, words) : "")}";
        return result is not null;
    }
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
    public override JsonObject Schema
    {
        get
        {
            JsonObject schema = new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = maxLength };
            if (Pattern is not null)
            {
                schema["pattern"] = Pattern;
            }

            return schema;
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out string result, [NotNullWhen(false)] out string? problem)
    {
        result = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        bool isRight = result is { Length: > 0 } && result.Length <= maxLength && isOfForm(result);
        problem = isRight ? null : $"is {Show(value)}: allowed is {form}, at most {maxLength} characters";
        return isRight;
    }
}

/// <summary>An id.</summary>
internal sealed class IdField(string name, string description) : RequestField<Guid>(name, description)
{
    /// <inheritdoc/>
    public override JsonObject Schema => new() { ["type"] = "string", ["format"] = "uuid" };

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, out Guid result, [NotNullWhen(false)] out string? problem)
    {
        result = default;
        bool isRight = value.ValueKind == JsonValueKind.String && Guid.TryParseExact(value.GetString(), "D", out result);
        problem = isRight ? null : $"is {Show(value)}: allowed is a UUID such as 8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f";
        return isRight;
    }
}
