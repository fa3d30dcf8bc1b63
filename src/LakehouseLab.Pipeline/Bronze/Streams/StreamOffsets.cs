using System.Globalization;
using System.Text;
using System.Text.Json;
using LakehouseLab.Emulation.Lakes;

namespace LakehouseLab.Pipeline.Bronze.Streams;

/// <summary>The next offsets of topics' partitions, as Spark's Kafka source writes and reads them: <c>{"topic":{"0":17}}</c>.</summary>
internal static class StreamOffsets
{
    /// <summary>Reads them.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">Where it is, for the message.</param>
    /// <exception cref="LakeException">It is not of that form.</exception>
    public static IReadOnlyDictionary<(string Topic, int Partition), long> Parse(string json, string place)
    {
        try
        {
            Dictionary<(string, int), long> offsets = [];
            using JsonDocument document = JsonDocument.Parse(json);
            foreach (JsonProperty topic in document.RootElement.EnumerateObject())
            {
                foreach (JsonProperty partition in topic.Value.EnumerateObject())
                {
                    offsets.Add((topic.Name, int.Parse(partition.Name, NumberStyles.None, CultureInfo.InvariantCulture)), partition.Value.GetInt64());
                }
            }

            return offsets;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new LakeException($"{place} is damaged: '{json}' does not give the offsets of a Kafka source; restore it from a copy, or run with --take-over, which begins anew after the offsets that are in the table", exception);
        }
    }

    /// <summary>Writes them.</summary>
    public static string Write(IEnumerable<((string Topic, int Partition) Of, long Next)> offsets)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            foreach (IGrouping<string, ((string Topic, int Partition) Of, long Next)> topic in offsets.OrderBy(static pair => pair.Of).GroupBy(static pair => pair.Of.Topic))
            {
                writer.WriteStartObject(topic.Key);
                foreach (((string _, int partition), long next) in topic)
                {
                    writer.WriteNumber(partition.ToString(CultureInfo.InvariantCulture), next);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
