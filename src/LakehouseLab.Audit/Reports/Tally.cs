using LakehouseLab.Audit.Ranges;

namespace LakehouseLab.Audit.Reports;

/// <summary>Adds up what is found in one table. Not thread-safe: each part of an audit has its own turn.</summary>
/// <param name="layer">The layer.</param>
/// <param name="name">The table's name.</param>
/// <param name="ranges">The ranges by which counts are kept; null for a table whose rows are of no single emulation.</param>
internal sealed class Tally(AuditLayer layer, string name, DomainRanges? ranges = null)
{
    /// <summary>How many examples of each kind are shown.</summary>
    public const int MaxExamples = 5;

    private static readonly int s_kinds = Enum.GetValues<FindingKind>().Length;

    private readonly long[] _counts = new long[s_kinds];
    private readonly long[][] _byRange = [.. (ranges?.Ranges ?? []).Select(_ => new long[s_kinds])];
    private readonly long[] _permittedByRange = new long[ranges?.Ranges.Length ?? 0];
    private readonly long[] _foundByRange = new long[ranges?.Ranges.Length ?? 0];
    private readonly List<Finding> _examples = [];
    private readonly List<string> _damages = [];
    private readonly List<string> _notes = [];
    private long _found;

    /// <summary>Records or rows that should be there.</summary>
    public long Expected { get; set; } = ranges?.ExpectedRows ?? 0;

    /// <summary>Whether there is anything to read.</summary>
    public bool IsThere { get; set; } = true;

    /// <summary>The table's name.</summary>
    public string Name => name;

    /// <summary>What of the table was compared, in a few words; null for all of it.</summary>
    public string? Scope { get; init; }

    /// <summary>What is wrong besides single records.</summary>
    public IReadOnlyList<string> Damages => _damages;

    /// <summary>Whether another example of a kind would be shown, so that it is worth describing.</summary>
    public bool WantsExample(FindingKind kind) => _examples.Count(example => example.Kind == kind) < MaxExamples;

    /// <summary>Counts what is there.</summary>
    /// <param name="range">The range that it belongs to, or -1.</param>
    /// <param name="count">How many records or rows.</param>
    public void Find(int range, long count)
    {
        _found += count;
        if (range >= 0)
        {
            _foundByRange[range] += count;
        }
    }

    /// <summary>Counts something that is wrong.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="range">The range that it belongs to, or -1.</param>
    /// <param name="describe">Describes it; called only while examples are wanted.</param>
    public void Report(FindingKind kind, int range, Func<Finding> describe)
    {
        _counts[(int)kind]++;
        if (range >= 0)
        {
            _byRange[range][(int)kind]++;
        }

        if (WantsExample(kind))
        {
            _examples.Add(describe());
        }
    }

    /// <summary>Counts a record that is there once more, as the guarantee of its emulation permits.</summary>
    public void Permit(int range, Func<Finding> describe)
    {
        _permittedByRange[range]++;
        Report(FindingKind.Duplicated, range, describe);
    }

    /// <summary>Notes what is wrong besides single records; the same sentence once.</summary>
    public void Damage(string sentence)
    {
        if (!_damages.Contains(sentence))
        {
            _damages.Add(sentence);
        }
    }

    /// <summary>Notes what is worth knowing and not wrong; the same sentence once.</summary>
    public void Note(string sentence)
    {
        if (!_notes.Contains(sentence))
        {
            _notes.Add(sentence);
        }
    }

    /// <summary>The result.</summary>
    /// <param name="required">Whether the table had to be there.</param>
    public TableAudit ToAudit(bool required)
    {
        AuditCounts counts = IsThere ? Counts(Expected, _found, _counts, _permittedByRange.Sum()) : Counts(0, 0, new long[s_kinds], 0);
        if (counts.Found != counts.Expected - counts.Missing + counts.Duplicated + counts.Unexpected)
        {
            // Only records that changed while they were read, or a fault of the audit itself, can do that.
            Damage("the counts do not add up: something wrote to the lake during the audit; run it again");
        }

        List<EmulationCounts> byEmulation = [.. (IsThere && ranges is not null ? ranges.Ranges : [])
            .Where(range => range.IsAudited)
            .GroupBy(range => range.Manifest.Id)
            .Select(emulation => new EmulationCounts(emulation.Key, SumOf([.. emulation])))];
        return new TableAudit(layer, name, IsThere, required, counts, byEmulation, [.. _examples.OrderBy(example => example.Kind)], _damages, _notes)
        {
            ExpectsNothing = Expected == 0,
            Scope = Scope,
        };
    }

    private AuditCounts SumOf(IReadOnlyList<DeliveredRange> emulation) => Counts(
        emulation.Sum(range => range.Rows),
        emulation.Sum(range => _foundByRange[range.Index]),
        [.. Enumerable.Range(0, s_kinds).Select(kind => emulation.Sum(range => _byRange[range.Index][kind]))],
        emulation.Sum(range => _permittedByRange[range.Index]));

    private static AuditCounts Counts(long expected, long found, long[] counts, long permitted) => new(
        expected,
        found,
        counts[(int)FindingKind.Missing],
        counts[(int)FindingKind.Duplicated],
        counts[(int)FindingKind.Altered],
        counts[(int)FindingKind.Unexpected])
    {
        Permitted = permitted,
    };
}
