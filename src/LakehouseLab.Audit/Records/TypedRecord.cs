using System.Globalization;
using System.Text.Json;
using LakehouseLab.Audit.Values;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Records;

/// <summary>The values of a JSON record that no row of the world gives, as people read those of a table.</summary>
internal static class TypedRecord
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>Reads a record.</summary>
    /// <param name="schema">The domain.</param>
    /// <param name="json">The record.</param>
    /// <returns>The value of each field, null for an absent one; without those whose spelling is not understood. Nothing when the record is not one JSON object.</returns>
    public static IReadOnlyDictionary<string, string?> Read(DomainSchema schema, string json)
    {
        Dictionary<string, string?> texts = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            foreach (Field field in document.RootElement.ValueKind == JsonValueKind.Object ? schema.Fields : [])
            {
                bool isAbsent = !document.RootElement.TryGetProperty(field.Name, out JsonElement value) || value.ValueKind == JsonValueKind.Null;
                if (isAbsent)
                {
                    texts[field.Name] = null;
                }
                else if (TextOf(field, value) is { } text)
                {
                    texts[field.Name] = text;
                }
            }
        }
        catch (JsonException)
        {
            texts.Clear();
        }

        return texts;
    }

    /// <summary>Whether two records have the same values, as far as both are understood.</summary>
    public static bool AreEqual(IReadOnlyDictionary<string, string?> one, IReadOnlyDictionary<string, string?> other) =>
        one.Count > 0 && one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out string? text) && text == pair.Value);

    private static string? TextOf(Field field, JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        TableColumn column = TableColumn.Of(field);
        switch (field.Type)
        {
            case FieldType.Int64 or FieldType.Decimal:
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) && UnitsOf(number, field.Scale) is { } units ? ValueText.Of(column, units) : null;
            case FieldType.Timestamp:
                return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
                    ? ValueText.Of(column, (instant - DateTimeOffset.UnixEpoch).Ticks / TicksPerMicrosecond)
                    : null;
            case FieldType.Uuid:
                return text.ToLowerInvariant();
            default:
                return text;
        }
    }

    private static long? UnitsOf(decimal number, int scale)
    {
        try
        {
            decimal units = number;
            for (int i = 0; i < scale; i++)
            {
                units *= 10;
            }

            return units == decimal.Truncate(units) ? (long)units : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
