using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>What an audit found in one table, in the raw records of one domain, or in what a lake says of itself.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Name">The table, such as <c>silver.transactions</c>, or <c>raw/transaction</c>.</param>
/// <param name="IsThere">Whether there is anything to read.</param>
/// <param name="Counts">Records or rows in numbers.</param>
public sealed record TableAudit(
    AuditLayer Layer,
    [property: JsonPropertyName("table")] string Name,
    [property: JsonPropertyName("there"), Description("Whether there is anything to read.")] bool IsThere,
    [property: JsonPropertyOrder(1)] AuditCounts Counts)
{
    /// <summary>Whether all that is there is as it should be.</summary>
    [JsonPropertyName("clean")]
    [Description("Whether all that is there is as it should be.")]
    public bool IsClean => !Verdicts.Any(verdict => verdict >= Reports.Verdict.Missing);

    /// <summary>The verdicts, each once.</summary>
    [Description("The verdicts, each once.")]
    public IReadOnlyList<Verdict> Verdicts => [.. Judge()];

    /// <summary>The verdicts with their numbers, in a few words.</summary>
    [Description("The verdicts with their numbers, in a few words.")]
    public string Verdict => string.Join(", ", Verdicts.Select(Word));

    /// <summary>What of the values was compared, in a few words, when it was a sample; null otherwise.</summary>
    [JsonPropertyOrder(1)]
    [Description("What of the values was compared, in a few words, when it was a sample.")]
    public string? Sample { get; init; }

    /// <summary>Why it was not audited; null when it was.</summary>
    [JsonPropertyOrder(1)]
    [Description("Why it was not audited; absent when it was.")]
    public string? NotAudited { get; init; }

    /// <summary>What it has not ingested yet; null when that is nothing.</summary>
    [JsonPropertyOrder(1)]
    [Description("What it has not ingested yet; absent when that is nothing.")]
    public Backlog? Behind { get; init; }

    /// <summary>The counts by emulation; empty in Gold, whose rows are sums over all.</summary>
    [JsonPropertyOrder(1)]
    [Description("The counts by emulation; empty in Gold.")]
    public IReadOnlyList<EmulationCounts> Emulations { get; init; } = [];

    /// <summary>What is wrong. Of records and rows some examples of each kind, not all.</summary>
    [JsonPropertyOrder(1)]
    [Description("What is wrong. Of records and rows some examples of each kind.")]
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What is worth knowing and not wrong. One sentence each.</summary>
    [JsonPropertyOrder(1)]
    [Description("What is worth knowing and not wrong.")]
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether there is nothing to say: nothing should be there, and nothing is.</summary>
    [JsonIgnore]
    internal bool IsIdle => IsClean && Behind is null && NotAudited is null && Counts is { Expected: 0, Found: 0, Foreign: 0 } && (!IsThere || ExpectsNothing);

    /// <summary>Whether nothing should be there.</summary>
    [JsonIgnore]
    internal bool ExpectsNothing { get; init; }

    /// <summary>How many more records than the examples show are wrong in a way.</summary>
    public long MoreOf(FindingKind kind) => Math.Max(0, Counts.Of(kind) - Findings.Where(finding => finding.Kind == kind).Sum(finding => finding.Records));

    private List<Verdict> Judge()
    {
        List<Verdict> verdicts = [];
        AddIf(Behind is not null, Reports.Verdict.Behind);
        AddIf(Sample is not null, Reports.Verdict.Sampled);
        AddIf(NotAudited is not null, Reports.Verdict.NotAudited);
        AddIf(Counts.Foreign > 0, Reports.Verdict.Foreign);
        AddIf(Counts.Replayed > 0, Reports.Verdict.Replayed);
        foreach (FindingKind kind in Enum.GetValues<FindingKind>())
        {
            long wrong = Counts.Of(kind) - (kind == FindingKind.Duplicated ? Counts.Permitted : 0);
            AddIf(wrong > 0 || Findings.Any(finding => finding.Kind == kind && finding.Records == 0), Reports.Verdicts.Of(kind));
        }

        return verdicts.Count > 0 && !verdicts.All(verdict => verdict is Reports.Verdict.Foreign or Reports.Verdict.Replayed) ? verdicts : [Reports.Verdict.Complete, .. verdicts];

        void AddIf(bool holds, Verdict verdict) => verdicts.AddRange(holds ? [verdict] : []);
    }

    private string Word(Verdict verdict) => verdict switch
    {
        Reports.Verdict.Complete when Counts.Permitted > 0 => Text($"complete and unaltered, {Counts.Permitted:#,0} of them again, as at_least_once permits"),
        Reports.Verdict.Complete => "complete and unaltered",
        Reports.Verdict.Behind => Text($"behind by {Behind!.Records:#,0}"),
        Reports.Verdict.Sampled => $"sampled ({Sample})",
        Reports.Verdict.NotAudited => "not audited",
        Reports.Verdict.Foreign => Text($"{Counts.Foreign:#,0} foreign"),
        Reports.Verdict.Replayed => Text($"{Counts.Replayed:#,0} replayed"),
        Reports.Verdict.Missing => Numbered(Counts.Missing, "missing"),
        Reports.Verdict.Duplicated => Numbered(Counts.Duplicated, "duplicated"),
        Reports.Verdict.Altered => Numbered(Counts.Altered, "altered"),
        Reports.Verdict.Unexpected => Numbered(Counts.Unexpected, "unexpected"),
        _ => verdict.ToString().ToLowerInvariant(),
    };

    private static string Numbered(long count, string word) => count > 0 ? Text($"{count:#,0} {word}") : word;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
