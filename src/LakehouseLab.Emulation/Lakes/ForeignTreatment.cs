using System.Text.Json.Serialization;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>What Silver does with foreign records: messages whose header names an emulation of another lake or another domain.
/// Bronze has them in any case, as they were received.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ForeignTreatment>))]
public enum ForeignTreatment
{
    /// <summary>Leaves them out, and reports how many there are by emulation.</summary>
    [JsonStringEnumMemberName("report")]
    Report,

    /// <summary>Puts them into quarantine.</summary>
    [JsonStringEnumMemberName("quarantine")]
    Quarantine,

    /// <summary>Takes them like records of the lake's own.</summary>
    [JsonStringEnumMemberName("ingest")]
    Ingest,
}
