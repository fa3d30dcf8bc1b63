using System.Text.Json;
using System.Text.Json.Serialization;

namespace LakehouseLab.Delta.Log;

/// <summary>
/// The hint at a checkpoint from which on the log need be listed (<c>_last_checkpoint</c>). It is no more than that: it may be absent, stale or
/// damaged, name a checkpoint that is gone, and newer checkpoints may be there.
/// </summary>
internal sealed record LastCheckpoint(long Version, long Size, long? SizeInBytes)
{
    /// <summary>The hint's name in the log's folder.</summary>
    public const string Name = "_last_checkpoint";

    /// <summary>Reads a hint.</summary>
    /// <returns>The hint, or null when the bytes are none.</returns>
    public static LastCheckpoint? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, LogDocuments.Default.LastCheckpoint) is { Version: >= 0 } hint ? hint : null;
        }
        catch (JsonException)
        {
            // Without a hint the whole log is listed, which finds the same.
            return null;
        }
    }

    /// <summary>The hint's bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LogDocuments.Default.LastCheckpoint);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LastCheckpoint))]
internal sealed partial class LogDocuments : JsonSerializerContext;
