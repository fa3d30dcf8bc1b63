using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Writes one JSON document.</summary>
internal static class JsonOutput
{
    // The output is not HTML: names in any script stay readable.
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Writes a document and a line feed.</summary>
    public static void Write(Stream output, Action<Utf8JsonWriter> write)
    {
        using MemoryStream document = new();
        using (Utf8JsonWriter writer = new(document, s_options))
        {
            write(writer);
        }

        document.WriteByte((byte)'\n');
        output.Write(document.GetBuffer().AsSpan(0, (int)document.Length));
        output.Flush();
    }

    /// <summary>Writes a value as a document and a line feed.</summary>
    public static void Write<T>(Stream output, T value, JsonTypeInfo<T> type) => Write(output, writer => JsonSerializer.Serialize(writer, value, type));

    /// <summary>Writes a number, or null.</summary>
    public static void WriteOptional(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    /// <summary>Writes an instant in RFC 3339, or null.</summary>
    public static void WriteOptional(Utf8JsonWriter writer, string name, DateTimeOffset? value) =>
        writer.WriteString(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
