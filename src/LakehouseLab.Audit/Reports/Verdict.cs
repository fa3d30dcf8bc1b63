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

    /// <inheritdoc cref="FindingKind.Missing"/>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <inheritdoc cref="FindingKind.Duplicated"/>
    [JsonStringEnumMemberName("duplicated")]
    Duplicated,

    /// <inheritdoc cref="FindingKind.Altered"/>
    [JsonStringEnumMemberName("altered")]
    Altered,

    /// <inheritdoc cref="FindingKind.Unexpected"/>
    [JsonStringEnumMemberName("unexpected")]
    Unexpected,

    /// <inheritdoc cref="FindingKind.Contradictory"/>
    [JsonStringEnumMemberName("contradictory")]
    Contradictory,

    /// <inheritdoc cref="FindingKind.Damaged"/>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}

/// <summary>Which verdicts there are for which findings.</summary>
internal static class Verdicts
{
    /// <summary>The verdict of a finding: those from <see cref="Verdict.Missing"/> on are the kinds of findings, in their order.</summary>
    public static Verdict Of(FindingKind kind) => Verdict.Missing + (kind - FindingKind.Missing);
}
