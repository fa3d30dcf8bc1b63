using System.Text.Json.Serialization;

namespace LakehouseLab.Emulation.Destinations;

/// <summary>What is promised of records in a topic. Objects have each record once in any case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryGuarantee>))]
public enum DeliveryGuarantee
{
    /// <summary>Each record once for readers of committed records: batches are Kafka transactions that carry their position.</summary>
    [JsonStringEnumMemberName("exactly_once")]
    ExactlyOnce,

    /// <summary>No record is lost; after a crash those of the last batches may be there again.</summary>
    [JsonStringEnumMemberName("at_least_once")]
    AtLeastOnce,
}
