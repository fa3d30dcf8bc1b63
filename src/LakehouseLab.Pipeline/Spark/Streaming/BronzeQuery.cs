using System.Globalization;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.Bronze.Streams;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark.Streaming;

/// <summary>The streaming query that ingests topics: Spark's Kafka source, and Bronze's columns of each message.</summary>
internal static class BronzeQuery
{
    /// <summary>Format of the source.</summary>
    public const string Format = "kafka";

    private static readonly string s_header = string.Create(CultureInfo.InvariantCulture, $"try_element_at(filter(headers, h -> h.key = '{RecordHeader.Name}'), -1).value");

    /// <summary>Options of the source.</summary>
    /// <param name="kafka">The cluster, as Spark reaches it.</param>
    /// <param name="position">Where it begins, when its checkpoint says nothing.</param>
    /// <param name="batchOffsets">Offsets of a micro-batch at most.</param>
    public static IReadOnlyDictionary<string, string> OptionsOf(SparkKafka kafka, StreamPosition position, long batchOffsets)
    {
        Dictionary<string, string> options = new()
        {
            ["kafka.bootstrap.servers"] = kafka.Servers,
            ["kafka.isolation.level"] = "read_committed",
            ["subscribe"] = string.Join(',', position.Next.Keys.Select(static of => of.Topic).Distinct().Order(StringComparer.Ordinal)),
            ["startingOffsets"] = StreamOffsets.Write(position.Next.Select(static next => (next.Key, next.Value))),
            ["failOnDataLoss"] = "true",
            ["includeHeaders"] = "true",
            ["maxOffsetsPerTrigger"] = batchOffsets.ToString(CultureInfo.InvariantCulture),
            ["groupIdPrefix"] = "lakelab",

            // A broker that is away is told of within a minute; with Kafka's own bounds and Spark's four attempts it would be five.
            ["kafka.default.api.timeout.ms"] = "20000",
            ["kafka.request.timeout.ms"] = "15000",
            ["fetchOffset.numRetries"] = "1",
        };
        if (kafka.SecurityProtocol is { } protocol)
        {
            options["kafka.security.protocol"] = protocol;
        }

        if (kafka.SaslMechanism is { } mechanism)
        {
            options["kafka.sasl.mechanism"] = mechanism;
        }

        return options;
    }

    /// <summary>
    /// Bronze's rows of the source's messages, as the embedded reader makes them. <c>current_timestamp()</c> is the micro-batch's own, which a replay repeats;
    /// <c>now()</c> would not be.
    /// </summary>
    /// <param name="messages">A view of the source.</param>
    public static string RowsOf(string messages) => $"""
        SELECT
          CASE WHEN is_valid_utf8(CAST(value AS STRING)) THEN CAST(value AS STRING) END AS payload,
          CASE WHEN NOT is_valid_utf8(CAST(value AS STRING)) THEN value END AS payload_bytes,
          'json' AS _format,
          CASE WHEN octet_length(maker) = {RecordHeader.Size} AND hex(substring(maker, 17, 1)) < '80' THEN lower(concat_ws('-',
            hex(substring(maker, 1, 4)), hex(substring(maker, 5, 2)), hex(substring(maker, 7, 2)), hex(substring(maker, 9, 2)), hex(substring(maker, 11, 6)))) END AS _emulation_id,
          concat(topic, '-', CAST(partition AS STRING)) AS _source,
          offset AS _offset,
          CASE WHEN is_valid_utf8(CAST(key AS STRING)) THEN CAST(key AS STRING) ELSE concat(decode(X'5C78', 'UTF-8'), lower(hex(key))) END AS _key,
          CASE WHEN timestampType >= 0 THEN timestamp END AS _timestamp,
          unix_millis(current_timestamp()) AS _batch,
          current_timestamp() AS _ingested_at
        FROM (SELECT *, {s_header} AS maker FROM {messages}) AS message
        """;
}
