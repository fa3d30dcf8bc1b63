using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>What an audit says of a table, or of a lake.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>All is as it should be.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,

    /// <summary>What is there is as it should be, and more waits to be ingested.</summary>
    [JsonStringEnumMemberName("behind")]
    Behind,

    /// <summary>Only a sample of the values was compared.</summary>
    [JsonStringEnumMemberName("sampled")]
    Sampled,

    /// <summary>It is not known what should be there: a model of the user's own makes it.</summary>
    [JsonStringEnumMemberName("not_audited")]
    NotAudited,

    /// <summary>Records of other lakes or domains are there, as happens in a topic that several use.</summary>
    [JsonStringEnumMemberName("foreign")]
    Foreign,

    /// <summary>Repaired records of the quarantine are there, as progress says.</summary>
    [JsonStringEnumMemberName("replayed")]
    Replayed,

    /// <summary>Something should be there and is not.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>Something is there more than once.</summary>
    [JsonStringEnumMemberName("duplicated")]
    Duplicated,

    /// <summary>Something is there with another content.</summary>
    [JsonStringEnumMemberName("altered")]
    Altered,

    /// <summary>Something is there and should not be.</summary>
    [JsonStringEnumMemberName("unexpected")]
    Unexpected,

    /// <summary>Two of the lake's own documents say what cannot both be true.</summary>
    [JsonStringEnumMemberName("contradictory")]
    Contradictory,

    /// <summary>Something cannot be read.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}

/// <summary>Which verdicts there are for which findings.</summary>
internal static class Verdicts
{
    /// <summary>The verdict of a finding.</summary>
    public static Verdict Of(FindingKind kind) => kind switch
    {
        FindingKind.Missing => Verdict.Missing,
        FindingKind.Duplicated => Verdict.Duplicated,
        FindingKind.Altered => Verdict.Altered,
        FindingKind.Unexpected => Verdict.Unexpected,
        FindingKind.Contradictory => Verdict.Contradictory,
        _ => Verdict.Damaged,
    };
}
