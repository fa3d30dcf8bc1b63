using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LakehouseLab.Server.Fields;

/// <summary>A field that is known and that no version takes yet: it is refused with those words.</summary>
internal sealed class LaterField(string name, string description) : RequestField<string>(name, description)
{
    /// <inheritdoc/>
    public override JsonObject Schema => new() { ["not"] = new JsonObject(), ["deprecated"] = false };

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out string result, [NotNullWhen(false)] out string? problem)
    {
        result = null;
        problem = $"is stated: {Description} Leave it out";
        return false;
    }
}
