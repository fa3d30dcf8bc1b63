using System.Globalization;
using System.Text;
using System.Text.Json;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Records;

/// <summary>Which record a record says that it is.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Text">Its key as a person reads it.</param>
internal readonly record struct RecordId(RecordKey Key, string Text)
{
    /// <summary>Reads the key of a JSON record. Damage behind the key does not matter.</summary>
    /// <param name="schema">The domain.</param>
    /// <param name="json">The record.</param>
    /// <returns>It, or null when the record has no key that can be read.</returns>
    public static RecordId? TryRead(DomainSchema schema, ReadOnlySpan<byte> json)
    {
        string?[] values = new string?[schema.Key.Count];
        bool whole = ReadMembers(schema, json, values);
        if (schema.Key.Count == 1)
        {
            return values[0] is { } uuid && UuidText.TryParse(Encoding.UTF8.GetBytes(uuid), out ulong high, out ulong low)
                ? new RecordId(RecordKey.OfUuid(high, low), uuid)
                : null;
        }

        // A first profile lacks the key's second field, so only a whole record says that it does.
        return long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long user) && (whole || values[1] is not null)
            ? OfProfile(user, values[1])
            : null;
    }

    private static RecordId? OfProfile(long user, string? updatedAt)
    {
        if (updatedAt is null)
        {
            return new RecordId(RecordKey.OfProfile(user, null), $"user {user}");
        }

        return DateTimeOffset.TryParseExact(updatedAt, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? new RecordId(RecordKey.OfProfile(user, instant.ToUnixTimeMilliseconds()), $"user {user} as of {updatedAt}")
            : null;
    }

    /// <returns>Whether the record could be read to its end.</returns>
    private static bool ReadMembers(DomainSchema schema, ReadOnlySpan<byte> json, string?[] values)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            int open = values.Length;
            while (open > 0 && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && IndexOf(schema, ref reader) is int field and >= 0)
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

    private static int IndexOf(DomainSchema schema, ref Utf8JsonReader reader)
    {
        for (int field = 0; field < schema.Key.Count; field++)
        {
            if (reader.ValueTextEquals(schema.Key[field]))
            {
                return field;
            }
        }

        return -1;
    }
}
