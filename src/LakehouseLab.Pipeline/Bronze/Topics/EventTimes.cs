using System.Text.Json;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Bronze.Topics;

/// <summary>Reads when the event of a record was, to tell how far a stream is. What cannot be read tells nothing.</summary>
internal static class EventTimes
{
    /// <summary>Reads the event time of a JSON record.</summary>
    /// <returns>The event time, or null when the record has none that can be read.</returns>
    public static DateTimeOffset? TryRead(Domain domain, ReadOnlySpan<byte> record)
    {
        try
        {
            Utf8JsonReader reader = new(record);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(domain.Schema.EventTime))
                {
                    reader.Read();
                    return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out DateTimeOffset instant) ? instant : null;
                }
            }
        }
        catch (JsonException)
        {
            // Silver says what is wrong with it.
        }

        return null;
    }
}
