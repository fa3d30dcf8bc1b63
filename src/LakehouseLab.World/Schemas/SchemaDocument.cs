using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LakehouseLab.World.Schemas;

/// <summary>A domain's schema in the languages of other systems, derived from its one declaration.</summary>
public static class SchemaDocument
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>JSON Schema (draft 2020-12) of a JSON record. Decimals are numbers; their digits stand beside them as x-precision and x-scale.</summary>
    public static string ToJsonSchema(DomainSchema schema) => WriteJson(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        writer.WriteString("title", schema.Name);
        writer.WriteString("description", schema.Description);
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (Field field in schema.Fields)
        {
            writer.WriteStartObject(field.Name);
            WriteJsonSchemaType(writer, field);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        WriteArray(writer, "required", schema.Fields.Where(field => !field.Nullable).Select(field => field.Name));
        WriteArray(writer, "x-key", schema.Key);
        writer.WriteString("x-event-time", schema.EventTime);
        writer.WriteEndObject();
    });

    /// <summary>Avro schema (1.12) of a record: decimals as bytes, instants in milliseconds.</summary>
    public static string ToAvro(DomainSchema schema) => WriteJson(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "record");
        writer.WriteString("name", schema.Name.Replace('-', '_'));
        writer.WriteString("namespace", "lakehouselab");
        writer.WriteString("doc", schema.Description);
        writer.WriteStartArray("fields");
        foreach (Field field in schema.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", field.Name);
            writer.WriteString("doc", field.Description);
            writer.WritePropertyName("type");
            WriteAvroType(writer, field);
            if (field.Nullable)
            {
                writer.WriteNull("default");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>CREATE TABLE of the domain's table, in the types that Spark and DuckDB share.</summary>
    public static string ToSql(DomainSchema schema)
    {
        StringBuilder sql = new();
        sql.Append(CultureInfo.InvariantCulture, $"-- {schema.Description}\nCREATE TABLE {schema.Table} (\n");
        for (int i = 0; i < schema.Fields.Count; i++)
        {
            Field field = schema.Fields[i];
            string end = i + 1 < schema.Fields.Count ? "," : "";
            string nullable = field.Nullable ? "" : " NOT NULL";
            sql.Append(CultureInfo.InvariantCulture, $"  {field.Name} {SqlType(field)}{nullable}{end} -- {field.Description}\n");
        }

        return sql.Append(");\n").ToString();
    }

    /// <summary>The header line of a CSV file.</summary>
    /// <param name="schema">The domain.</param>
    /// <param name="labels">Whether records carry labels.</param>
    public static string ToCsvHeader(DomainSchema schema, bool labels = true) =>
        string.Join(',', schema.Fields.Where(field => labels || !field.IsLabel).Select(field => field.Name)) + "\n";

    private static string SqlType(Field field) => field.Type switch
    {
        FieldType.Int64 => "BIGINT",
        FieldType.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({field.Precision},{field.Scale})"),
        FieldType.Boolean => "BOOLEAN",
        FieldType.Timestamp => "TIMESTAMP",
        FieldType.Date => "DATE",
        _ => "STRING",
    };

    private static void WriteJsonSchemaType(Utf8JsonWriter writer, Field field)
    {
        (string type, string? format) = field.Type switch
        {
            FieldType.Int64 => ("integer", null),
            FieldType.Decimal => ("number", null),
            FieldType.Boolean => ("boolean", null),
            FieldType.Uuid => ("string", "uuid"),
            FieldType.Timestamp => ("string", "date-time"),
            FieldType.Date => ("string", "date"),
            _ => ("string", (string?)null),
        };
        writer.WriteString("type", type);
        if (format is not null)
        {
            writer.WriteString("format", format);
        }

        writer.WriteString("description", field.Description);
        if (field.AllowedValues is not null)
        {
            WriteArray(writer, "enum", field.AllowedValues);
        }

        if (field.Type == FieldType.Decimal)
        {
            writer.WriteNumber("x-precision", field.Precision);
            writer.WriteNumber("x-scale", field.Scale);
        }

        if (field.Unit is not null)
        {
            writer.WriteString("x-unit", field.Unit);
        }
    }

    private static void WriteAvroType(Utf8JsonWriter writer, Field field)
    {
        if (field.Nullable)
        {
            writer.WriteStartArray();
            writer.WriteStringValue("null");
        }

        (string type, string? logical) = field.Type switch
        {
            FieldType.Int64 => ("long", null),
            FieldType.Decimal => ("bytes", "decimal"),
            FieldType.Boolean => ("boolean", null),
            FieldType.Uuid => ("string", "uuid"),
            FieldType.Timestamp => ("long", "timestamp-millis"),
            FieldType.Date => ("int", "date"),
            _ => ("string", (string?)null),
        };
        if (logical is null)
        {
            writer.WriteStringValue(type);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("logicalType", logical);
            if (field.Type == FieldType.Decimal)
            {
                writer.WriteNumber("precision", field.Precision);
                writer.WriteNumber("scale", field.Scale);
            }

            writer.WriteEndObject();
        }

        if (field.Nullable)
        {
            writer.WriteEndArray();
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static string WriteJson(Action<Utf8JsonWriter> write)
    {
        using MemoryStream document = new();
        using (Utf8JsonWriter writer = new(document, s_options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(document.GetBuffer().AsSpan(0, (int)document.Length)) + "\n";
    }
}
