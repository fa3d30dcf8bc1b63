using System.Text;
using System.Text.Json;
using LakehouseLab.World.Keys;

namespace LakehouseLab.Audit.Records;

/// <summary>Which record a record says that it is.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Text">Its key as a person reads it.</param>
internal readonly record struct RecordId(RecordKey Key, string Text)
{
    /// <summary>Reads the key of a JSON record. Damage behind the key does not matter.</summary>
    /// <param name="codec">What identifies records of the domain.</param>
    /// <param name="json">The record.</param>
    /// <returns>The id, or null when the record has no key that can be read.</returns>
    public static RecordId? TryRead(KeyCodec codec, ReadOnlySpan<byte> json)
    {
        string?[] values = new string?[codec.Fields.Count];
        bool whole = ReadMembers(codec, json, values);

        // Only a whole record says that it lacks a field.
        bool isComplete = values.Zip(codec.Fields).All(value => value.First is not null || (whole && value.Second.Nullable));
        return isComplete && codec.Parse(values) is { } key ? new RecordId(key, codec.Describe(values)) : null;
    }

    /// <returns>Whether the record could be read to its end.</returns>
    private static bool ReadMembers(KeyCodec codec, ReadOnlySpan<byte> json, string?[] values)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            int open = values.Length;
            while (open > 0 && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && IndexOf(codec, ref reader) is int field and >= 0)
                {
                    reader.Read();
                    values[field] = reader.TokenType switch
                    {
                        JsonTokenType.String => reader.GetString(),
                        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                        _ => null,
                    };
                    open--;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static int IndexOf(KeyCodec codec, ref Utf8JsonReader reader)
    {
        for (int field = 0; field < codec.Fields.Count; field++)
        {
            if (reader.ValueTextEquals(codec.Fields[field].Name))
            {
                return field;
            }
        }

        return -1;
    }
}
