using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.Audits;

/// <summary>A list of a lake's layers.</summary>
internal sealed class LayersField(string name, string description) : RequestField<IReadOnlyList<string>>(name, description)
{
    private static readonly string[] s_layers = [.. Enum.GetValues<AuditLayer>().Select(layer => layer.ToString().ToLowerInvariant())];

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out IReadOnlyList<string> result, [NotNullWhen(false)] out string? problem)
    {
        bool isRight = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String && s_layers.Contains(item.GetString(), StringComparer.Ordinal))
            && value.EnumerateArray().DistinctBy(static item => item.GetString()).Count() == value.GetArrayLength();
        result = isRight ? [.. value.EnumerateArray().Select(static item => item.GetString()!)] : null;
        problem = isRight ? null : $"is {(value.ValueKind == JsonValueKind.Array ? Excerpt.Of(value.GetRawText()) : Show(value))}: allowed is a list of {string.Join(", ", s_layers)}, each at most once";
        return isRight;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new()
    {
        Type = JsonSchemaType.Array,
        MinItems = 1,
        UniqueItems = true,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. s_layers] },
    };
}
