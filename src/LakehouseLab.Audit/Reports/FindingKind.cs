using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>What is wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingKind>))]
public enum FindingKind
{
    /// <summary>It should be there and is not.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>It is there more than once.</summary>
    [JsonStringEnumMemberName("duplicated")]
    Duplicated,

    /// <summary>It is there with another content.</summary>
    [JsonStringEnumMemberName("altered")]
    Altered,

    /// <summary>It is there and should not be.</summary>
    [JsonStringEnumMemberName("unexpected")]
    Unexpected,

    /// <summary>Two of the lake's own documents say what cannot both be true.</summary>
    [JsonStringEnumMemberName("contradictory")]
    Contradictory,

    /// <summary>It cannot be read.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}
