using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>A stage on a record's way.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditLayer>))]
public enum AuditLayer
{
    /// <summary>What the lake says of itself: claims, manifests, progress, run history.</summary>
    [JsonStringEnumMemberName("lake")]
    Lake,

    /// <summary>The records as the emulations delivered them in objects.</summary>
    [JsonStringEnumMemberName("raw")]
    Raw,

    /// <summary>The records as the emulations wrote them to topics.</summary>
    [JsonStringEnumMemberName("topic")]
    Topic,

    /// <summary>Every record as it was received.</summary>
    [JsonStringEnumMemberName("bronze")]
    Bronze,

    /// <summary>Typed rows, one for each key.</summary>
    [JsonStringEnumMemberName("silver")]
    Silver,

    /// <summary>The tables that questions are answered from.</summary>
    [JsonStringEnumMemberName("gold")]
    Gold,
}
