using System.Text.Json;
using System.Text.Json.Serialization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit.Shards;

/// <summary>The JSON form of a shard's report.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ShardReport), TypeInfoPropertyName = "Report")]
public sealed partial class ShardDocuments : JsonSerializerContext
{
    private const string Remedy = "give what audit --shard I/N --json printed";

    /// <summary>Reads a report.</summary>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="json">What it holds.</param>
    /// <exception cref="InvalidRequestException">It is not a report, one of another version, or damaged.</exception>
    public static ShardReport Read(string source, ReadOnlySpan<byte> json)
    {
        try
        {
            (string? kind, int version) = Kind(json);
            if (kind != ShardReport.AuditShard)
            {
                throw new InvalidRequestException($"'{source}' is not the report of a shard: {Remedy}");
            }

            if (version != ShardReport.PresentVersion)
            {
                throw new InvalidRequestException(FormattableString.Invariant($"'{source}' is a report of version {version}, and this program reads version {ShardReport.PresentVersion}: run and merge all shards with the same version of the program"));
            }

            return JsonSerializer.Deserialize(json, Default.Report) is { IsWhole: true } report
                ? report
                : throw new InvalidRequestException($"'{source}' is damaged: its checksum is that of another content; run that shard again");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidRequestException($"'{source}' is cut off or not JSON: {Remedy}, or run that shard again", exception);
        }
    }

    private static (string? Kind, int Version) Kind(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("kind", out JsonElement kind) && kind.ValueKind == JsonValueKind.String
            && root.TryGetProperty("version", out JsonElement version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number)
            ? (kind.GetString(), number)
            : (null, 0);
    }
}
