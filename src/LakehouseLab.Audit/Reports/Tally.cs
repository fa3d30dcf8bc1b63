using System.Text.Json;
using LakehouseLab.Audit.Ranges;

namespace LakehouseLab.Audit.Reports;

/// <summary>Adds up what is found in one table. Not thread-safe: each part of an audit has its own turn.</summary>
/// <param name="layer">The layer.</param>
/// <param name="name">The table's name.</param>
/// <param name="ranges">The ranges by which counts are kept; null for a table whose rows are of no single emulation.</param>
internal sealed class Tally(AuditLayer layer, string name, DomainRanges? ranges = null)
{
    /// <summary>How many examples of records of each kind are shown.</summary>
    public const int MaxExamples = 5;

    // What is not about single records is shown in full, unless everything is wrong: so many of each kind. More are kept for a report that several shards make.
    private const int MaxWholes = 50;
    private const int MaxKept = 10_000;

    private static readonly int s_kinds = Enum.GetValues<FindingKind>().Length;

    private readonly long[] _counts = new long[s_kinds];
    private readonly long[][] _byRange = [.. (ranges?.Ranges ?? []).Select(_ => new long[s_kinds])];
    private readonly long[] _permittedByRange = new long[ranges?.Ranges.Length ?? 0];
    private readonly long[] _foundByRange = new long[ranges?.Ranges.Length ?? 0];
    private readonly List<Finding> _examples = [];
    private readonly HashSet<Finding> _wholes = [];
    private readonly List<string> _notes = [];
    private long _found;
    private long _unshown;

    /// <summary>Records or rows that should be there.</summary>
    public long Expected { get; set; } = ranges?.ExpectedRows ?? 0;

    /// <summary>Whether there is anything to read.</summary>
    public bool IsThere { get; set; } = true;

    /// <summary>The table's name.</summary>
    public string Name => name;

    /// <summary>The domain; null where several meet.</summary>
    public string? Domain { get; init; } = ranges?.Schema.Name;

    /// <summary>What of the values was compared, in a few words, when it was a sample; null otherwise.</summary>
    public string? Sample { get; init; }

    /// <summary>What it has not ingested yet; null when that is nothing.</summary>
    public Backlog? Behind { get; set; }

    /// <summary>Why it was not audited; null when it was.</summary>
    public string? NotAudited { get; set; }

    /// <summary>What is wrong besides single records.</summary>
    public IReadOnlyCollection<Finding> Wholes => _wholes;

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

    /// <summary>Records of other lakes or domains, which are not among the found.</summary>
    public long Foreign { get; private set; }

    /// <summary>Counts records of other lakes or domains.</summary>
    public void FindForeign(long count) => Foreign += count;

    /// <summary>Repaired records among the found.</summary>
    public long Replayed { get; private set; }

    /// <summary>Counts repaired records, which are also among the found.</summary>
    public void FindReplayed(long count) => Replayed += count;

    /// <summary>Counts records or rows that are wrong.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="range">The range that they belong to, or -1.</param>
    /// <param name="describe">Completes the finding; called only while examples are wanted.</param>
    /// <param name="records">How many they are.</param>
    public void Report(FindingKind kind, int range, Func<Finding, Finding> describe, long records = 1)
    {
        _counts[(int)kind] += records;
        if (range >= 0)
        {
            _byRange[range][(int)kind] += records;
        }

        if (WantsExample(kind))
        {
            _examples.Add(describe(New(kind) with { Records = records }));
        }
    }

    /// <summary>Counts a record that is there once more, as the guarantee of its emulation permits.</summary>
    public void Permit(int range, Func<Finding, Finding> describe)
    {
        _permittedByRange[range]++;
        Report(FindingKind.Duplicated, range, describe);
    }

    /// <summary>Reports what is wrong with the table, with a file of it or with a document; the same finding once.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="describe">Completes the finding.</param>
    public void Report(FindingKind kind, Func<Finding, Finding> describe)
    {
        if (_wholes.Count < MaxKept)
        {
            _wholes.Add(describe(New(kind) with { Records = 0 }));
        }
        else
        {
            _unshown++;
        }
    }

    /// <summary>Reports what cannot be read.</summary>
    /// <param name="place">Where it is stored.</param>
    /// <param name="cause">Why it cannot be read.</param>
    /// <param name="remedy">What to do.</param>
    public void Damage(string place, string cause, string? remedy = null) =>
        Report(FindingKind.Damaged, finding => finding with { Place = place, Cause = cause, Remedy = remedy });

    /// <summary>Notes what is worth knowing and not wrong; the same sentence once.</summary>
    public void Note(string sentence)
    {
        if (!_notes.Contains(sentence))
        {
            _notes.Add(sentence);
        }
    }

    /// <summary>Writes what was found so far, without records that are wrong: whoever has read everything looks at those.</summary>
    public void Save(BinaryWriter state)
    {
        state.Write(JsonSerializer.Serialize([.. _wholes], AuditDocuments.Default.FindingArray));
        state.Write(_unshown);
        state.Write(Foreign);
        state.Write(JsonSerializer.Serialize([.. _notes], AuditDocuments.Default.StringArray));
        Array.ForEach(_foundByRange, state.Write);
        state.Write(_found);
    }

    /// <summary>Adds what a shard found.</summary>
    public void Load(BinaryReader state)
    {
        _wholes.UnionWith(JsonSerializer.Deserialize(state.ReadString(), AuditDocuments.Default.FindingArray)!);
        _unshown += state.ReadInt64();
        Foreign += state.ReadInt64();
        JsonSerializer.Deserialize(state.ReadString(), AuditDocuments.Default.StringArray)!.ToList().ForEach(Note);
        for (int range = 0; range < _foundByRange.Length; range++)
        {
            _foundByRange[range] += state.ReadInt64();
        }

        _found += state.ReadInt64();
    }

    /// <summary>The result.</summary>
    /// <param name="required">Whether the table had to be there.</param>
    /// <param name="evidence">What says that the table was there; null when nothing does.</param>
    public TableAudit ToAudit(bool required, string? evidence = null)
    {
        AuditCounts counts = IsThere ? Counts(Expected, _found, _counts, _permittedByRange.Sum()) with { Foreign = Foreign, Replayed = Replayed } : Counts(0, 0, new long[s_kinds], 0);
        if (!IsThere && (evidence is not null || Expected > 0 || Behind is not null))
        {
            Judge(required, evidence);
        }
        else if (counts.Found != counts.Expected - counts.Missing + counts.Duplicated + counts.Unexpected)
        {
            // Only records that changed while they were read, or a fault of the audit itself, can do that.
            Report(FindingKind.Contradictory, finding => finding with { Cause = "the counts do not add up, which is a fault of the audit unless something wrote to the lake meanwhile", Remedy = "run it again while nothing writes, and report it if it stays" });
        }

        Finding[] wholes = [.. Sorted().GroupBy(finding => finding.Kind).SelectMany(kind => kind.Take(MaxWholes))];
        if (_unshown + _wholes.Count - wholes.Length is long unshown and > 0)
        {
            Note(FormattableString.Invariant($"{unshown:#,0} more findings are not shown"));
        }

        List<EmulationCounts> byEmulation = [.. (IsThere && ranges is not null ? ranges.Ranges : [])
            .Where(range => range.IsAudited)
            .GroupBy(range => range.Manifest.Id)
            .Select(emulation => new EmulationCounts(emulation.Key, SumOf([.. emulation])))];
        return new TableAudit(layer, name, IsThere, counts)
        {
            ExpectsNothing = Expected == 0,
            Sample = IsThere ? Sample : null,
            Behind = Behind,
            NotAudited = NotAudited,
            Emulations = byEmulation,
            Findings = [.. wholes.Concat(_examples).OrderBy(finding => finding.Kind)],
            Notes = _notes,
        };
    }

    /// <summary>Reports a table that was there and is not.</summary>
    /// <param name="table">The table.</param>
    /// <param name="evidence">What says that it was there.</param>
    public void ReportLost(string table, string evidence) => Report(FindingKind.Missing, finding => finding with
    {
        Place = table,
        Cause = $"it is not there, though {evidence}",
        Remedy = "restore it from a copy, or run lakelab pipeline run to recreate it",
    });

    // A table that is not there yet is behind, unless it was asked for.
    private void Judge(bool required, string? evidence)
    {
        if (evidence is not null)
        {
            Behind = null;
            ReportLost(name, evidence);
        }
        else if (required)
        {
            Report(FindingKind.Missing, finding => finding with { Place = name, Cause = "it is not there", Remedy = "run lakelab pipeline run, or leave its layer out" });
        }
        else
        {
            Behind ??= new Backlog(Expected, "lakelab pipeline run");
        }
    }

    // Whoever reads what first, they are told in one order.
    private IEnumerable<Finding> Sorted() => _wholes
        .OrderBy(finding => finding.Kind).ThenBy(finding => finding.Place, StringComparer.Ordinal).ThenBy(finding => finding.Column, StringComparer.Ordinal)
        .ThenBy(finding => finding.Text, StringComparer.Ordinal);

    private Finding New(FindingKind kind) => new(layer, name, kind) { Domain = Domain };

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
