using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Gold;

/// <summary>Looks key by key at a month whose sums differ. Not thread-safe.</summary>
internal sealed class GoldExamination(GoldTable table, UserSample sample, int month, Tally tally)
{
    // About 200 MB; a month with more is looked at in several turns.
    private const int KeysAtOnce = 4_000_000;

    private readonly GoldRows _rows = new(table, sample);
    private readonly TableColumn[] _columns = [.. table.Key, .. table.Values];
    private readonly Dictionary<ulong, FoundKey> _found = [];
    private readonly Dictionary<ulong, string?[]> _altered = [];
    private readonly HashSet<ulong> _described = [];
    private readonly Dictionary<ulong, (string Place, string?[] Texts)> _descriptions = [];

    private int Month => month;

    /// <summary>Says of each key what is wrong with it.</summary>
    /// <param name="scan">The table; null when it cannot be read.</param>
    /// <param name="keys">How many keys the month has.</param>
    /// <param name="make">Makes the expected rows again.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task RunAsync(TableScan? scan, long keys, MakeRows make, CancellationToken cancellationToken)
    {
        ulong turns = (ulong)(keys / KeysAtOnce) + 1;
        for (ulong turn = 0; turn < turns; turn++)
        {
            ulong present = turn;
            _found.Clear();
            await VisitAsync(scan, row => Note(row, turns, present), cancellationToken).ConfigureAwait(false);
            await make(month, new Comparison(this, turns, present), cancellationToken).ConfigureAwait(false);
            await ReportAsync(scan, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task VisitAsync(TableScan? scan, Action<int> visit, CancellationToken cancellationToken) => scan?.VisitAsync(
        group =>
        {
            _rows.Read(group);
            for (int row = 0; row < _rows.Count; row++)
            {
                if (_rows.MonthOf(row) == month)
                {
                    visit(row);
                }
            }
        },
        cancellationToken) ?? Task.CompletedTask;

    private void Note(int row, ulong turns, ulong turn)
    {
        if (_rows.KeyOf(row) % turns == turn)
        {
            ref FoundKey found = ref CollectionsMarshal.GetValueRefOrAddDefault(_found, _rows.KeyOf(row), out bool exists);
            found.Hash = exists ? found.Hash : _rows.HashOf(row);
            found.Rows++;
        }
    }

    private void Compare(ReadOnlySpan<Cell> cells, ICellTexts texts, ulong turns, ulong turn)
    {
        ulong key = HashOf(cells[..table.Key.Count], 0);
        if (key % turns != turn)
        {
            return;
        }

        ulong hash = HashOf(cells[table.Key.Count..], key);
        ref FoundKey found = ref CollectionsMarshal.GetValueRefOrNullRef(_found, key);
        if (Unsafe.IsNullRef(ref found))
        {
            string?[] missing = tally.WantsExample(FindingKind.Missing) ? TextsOf(cells, texts) : [];
            tally.Report(FindingKind.Missing, -1, finding => finding with { Key = KeyText(missing) });
            return;
        }

        found.IsExpected = true;
        if (found.Hash != hash)
        {
            _altered.Add(key, _altered.Count < Tally.MaxExamples ? TextsOf(cells, texts) : []);
        }
    }

    private static ulong HashOf(ReadOnlySpan<Cell> cells, ulong hash)
    {
        foreach (ref readonly Cell cell in cells)
        {
            hash = ValueHash.Append(hash, cell.Code);
        }

        return hash;
    }

    private async Task ReportAsync(TableScan? scan, CancellationToken cancellationToken)
    {
        List<ulong> unexpected = [.. _found.Where(pair => !pair.Value.IsExpected).Select(pair => pair.Key).Order()];
        List<ulong> duplicated = [.. _found.Where(pair => pair.Value.Rows > 1).Select(pair => pair.Key).Order()];
        _described.Clear();
        foreach (IEnumerable<ulong> keys in (IEnumerable<ulong>[])[_altered.Keys, unexpected, duplicated])
        {
            _described.UnionWith(keys.Take(Tally.MaxExamples));
        }

        if (_described.Count > 0 && scan is not null)
        {
            await scan.VisitAsync(Describe, cancellationToken).ConfigureAwait(false);
        }

        foreach ((ulong key, string?[] expected) in _altered)
        {
            tally.Report(FindingKind.Altered, -1, finding => Describe(finding, key).With(Differences(key, expected)));
        }

        foreach (ulong key in unexpected)
        {
            tally.Report(FindingKind.Unexpected, -1, finding => Describe(finding, key));
        }

        foreach (ulong key in duplicated)
        {
            for (int more = 1; more < _found[key].Rows; more++)
            {
                tally.Report(FindingKind.Duplicated, -1, finding => Describe(finding, key));
            }
        }

        _altered.Clear();
    }

    private void Describe(TableGroup group)
    {
        _rows.Read(group);
        bool[] wanted = new bool[group.Rows];
        for (int row = 0; row < group.Rows; row++)
        {
            wanted[row] = _rows.MonthOf(row) == month && _described.Contains(_rows.KeyOf(row));
        }

        if (Array.IndexOf(wanted, true) < 0)
        {
            return;
        }

        List<string?[]> texts = [];
        foreach (TableColumn column in _columns)
        {
            string?[] values = new string?[group.Rows];
            group.Read(column, new TextSink(values, wanted, column));
            texts.Add(values);
        }

        for (int row = 0; row < group.Rows; row++)
        {
            if (wanted[row])
            {
                _descriptions.TryAdd(_rows.KeyOf(row), (group.PlaceOf(row), [.. texts.Select(values => values[row])]));
            }
        }
    }

    private Finding Describe(Finding finding, ulong key) =>
        _descriptions.TryGetValue(key, out (string Place, string?[] Texts) found) ? finding with { Key = KeyText(found.Texts), Place = found.Place } : finding;

    private List<ColumnDifference> Differences(ulong key, string?[] expected) =>
        !_descriptions.TryGetValue(key, out (string Place, string?[] Texts) found) ? [] :
        [
            .. expected
                .Select((text, column) => new ColumnDifference(_columns[column].Name, text, found.Texts[column]))
                .Where(difference => difference.Expected != difference.Found),
        ];

    private string?[] TextsOf(ReadOnlySpan<Cell> cells, ICellTexts texts)
    {
        string?[] values = new string?[cells.Length];
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = cells[column].TextIn(_columns[column], texts);
        }

        return values;
    }

    private string KeyText(string?[] texts) =>
        string.Join(", ", table.Key.Select((column, number) => $"{column.Name} {texts[number] ?? "nothing"}"));

    private struct FoundKey
    {
        public ulong Hash;
        public int Rows;
        public bool IsExpected;
    }

    private sealed class Comparison(GoldExamination examination, ulong turns, ulong turn) : IExpectedRows
    {
        public void Add(int month, ReadOnlySpan<Cell> cells, ICellTexts texts)
        {
            if (month == examination.Month)
            {
                examination.Compare(cells, texts, turns, turn);
            }
        }
    }
}
