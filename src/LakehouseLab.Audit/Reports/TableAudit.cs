namespace LakehouseLab.Audit.Reports;

/// <summary>What an audit found in one table, or in the raw records of one domain.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Name">The table, such as <c>silver.transactions</c>, or <c>raw/transaction</c>.</param>
/// <param name="IsThere">Whether there is anything to read; if not, the counts are 0.</param>
/// <param name="IsRequired">Whether it had to be there.</param>
/// <param name="Counts">Records or rows in numbers.</param>
/// <param name="Emulations">The same by emulation; empty in Gold, whose rows are sums over all.</param>
/// <param name="Findings">Some examples of each kind, not all.</param>
/// <param name="Damages">What is wrong besides single records: lost files, checksums that differ. One sentence each.</param>
/// <param name="Notes">What is worth knowing and not wrong. One sentence each.</param>
public sealed record TableAudit(
    AuditLayer Layer,
    string Name,
    bool IsThere,
    bool IsRequired,
    AuditCounts Counts,
    IReadOnlyList<EmulationCounts> Emulations,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<string> Damages,
    IReadOnlyList<string> Notes)
{
    /// <summary>What of the table was compared, in a few words; null for all of it.</summary>
    public string? Scope { get; init; }

    /// <summary>Whether all is as expected. What is not there yet is clean unless it is required.</summary>
    public bool IsClean => Counts.IsClean && Damages.Count == 0 && (IsThere || !IsRequired);

    /// <summary>Whether there is nothing to say: nothing should be there, and nothing is.</summary>
    internal bool IsIdle => Damages.Count == 0 && Counts is { Expected: 0, Found: 0 } && (IsThere || ExpectsNothing);

    /// <summary>Whether nothing should be there.</summary>
    internal bool ExpectsNothing { get; init; }

    /// <summary>The verdict in a few words.</summary>
    public string Verdict => this switch
    {
        { IsThere: false, IsRequired: false } => "not there yet",
        { IsThere: false } => "not there",
        { IsClean: true, Counts.Permitted: > 0 } => FormattableString.Invariant($"complete and unaltered, {Counts.Permitted:#,0} of them again, as at_least_once permits"),
        { IsClean: true } => Scope is null ? "complete and unaltered" : $"complete and unaltered ({Scope})",
        _ => string.Join(", ", Wrongs()),
    };

    private IEnumerable<string> Wrongs()
    {
        (long Count, string Word)[] counts =
            [(Counts.Missing, "missing"), (Counts.Duplicated, "duplicated"), (Counts.Altered, "altered"), (Counts.Unexpected, "unexpected")];
        foreach ((long count, string word) in counts)
        {
            if (count > 0)
            {
                yield return FormattableString.Invariant($"{count:#,0} {word}");
            }
        }

        if (Damages.Count > 0)
        {
            yield return "damaged";
        }
    }
}
