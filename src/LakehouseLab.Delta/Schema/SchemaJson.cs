using System.Text;
using System.Text.Json;

namespace LakehouseLab.Delta.Schema;

/// <summary>Schemas as JSON text, as the log's metaData action holds them.</summary>
internal static class SchemaJson
{
    /// <summary>Reads a schema.</summary>
    /// <exception cref="FormatException">The text is not a schema.</exception>
    public static StructType Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return ParseType(document.RootElement) as StructType ?? throw new FormatException("the schema is not a struct");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"the schema is damaged: {(exception is KeyNotFoundException ? "a field's name, type or nullable is missing." : exception.Message)}", exception);
        }
    }

    /// <summary>Writes a schema.</summary>
    public static string Format(StructType schema)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            WriteType(writer, schema);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static DeltaType ParseType(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return new PrimitiveType(element.GetString()!);
        }

        return element.GetProperty("type").GetString() switch
        {
            "struct" => new StructType([.. element.GetProperty("fields").EnumerateArray().Select(ParseField)]),
            "array" => new ArrayType(ParseType(element.GetProperty("elementType")), element.GetProperty("containsNull").GetBoolean()),
            "map" => new MapType(ParseType(element.GetProperty("keyType")), ParseType(element.GetProperty("valueType")), element.GetProperty("valueContainsNull").GetBoolean()),
            string other => new PrimitiveType(other),
            null => throw new FormatException("a type is null"),
        };
    }

    private static StructField ParseField(JsonElement field) => new(
        field.GetProperty("name").GetString() ?? throw new FormatException("a field has no name"),
        ParseType(field.GetProperty("type")),
        field.GetProperty("nullable").GetBoolean(),
        field.TryGetProperty("metadata", out JsonElement metadata) ? metadata.GetRawText() : "{}");

    private static void WriteType(Utf8JsonWriter writer, DeltaType type)
    {
        switch (type)
        {
            case PrimitiveType primitive:
                writer.WriteStringValue(primitive.Name);
                return;
            case StructType schema:
                writer.WriteStartObject();
                writer.WriteString("type", "struct");
                writer.WriteStartArray("fields");
                foreach (StructField field in schema.Fields)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", field.Name);
                    writer.WritePropertyName("type");
                    WriteType(writer, field.Type);
                    writer.WriteBoolean("nullable", field.Nullable);
                    writer.WritePropertyName("metadata");
                    writer.WriteRawValue(field.Metadata);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            case ArrayType array:
                writer.WriteStartObject();
                writer.WriteString("type", "array");
                writer.WritePropertyName("elementType");
                WriteType(writer, array.Element);
                writer.WriteBoolean("containsNull", array.ContainsNull);
                break;
            case MapType map:
                writer.WriteStartObject();
                writer.WriteString("type", "map");
                writer.WritePropertyName("keyType");
                WriteType(writer, map.Key);
                writer.WritePropertyName("valueType");
                WriteType(writer, map.Value);
                writer.WriteBoolean("valueContainsNull", map.ValueContainsNull);
                break;
        }

        writer.WriteEndObject();
    }
}
