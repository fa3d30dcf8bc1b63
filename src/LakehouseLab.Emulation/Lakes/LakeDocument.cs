using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>The one serializer of a lake's small JSON documents: what it writes it reads, and what anybody may have damaged it names.</summary>
public static class LakeDocument
{
    /// <summary>Writes a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="type">What it is.</param>
    public static byte[] Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(document, type);

    /// <summary>Reads a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="place">Where it is, for messages.</param>
    /// <param name="type">What it should be.</param>
    /// <exception cref="LakeException">It is not what it should be; the message names it.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string place, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type)
                ?? throw new LakeException($"{place} is damaged: it holds null. Restore it from a copy");
        }
        catch (JsonException exception)
        {
            throw new LakeException($"{place} is damaged: {exception.Message.ReplaceLineEndings(" ")} Restore it from a copy, or use a newer program if a newer one wrote it", exception);
        }
    }
}
