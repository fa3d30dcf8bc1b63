using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Bronze;

/// <summary>
/// The repaired records of a Bronze table: each must be one that a batch appended as progress says, and all of those must be there. Written to
/// while the table is read for the first time, and only read later.
/// </summary>
/// <param name="domain">The domain.</param>
/// <param name="ingested">Which batches appended what.</param>
internal sealed class ReplayedRecords(Domain domain, IngestedBatches ingested)
{
    private readonly List<Row> _rows = [];

    /// <summary>Keeps the repaired records among some rows.</summary>
    public void Note(TableGroup group, BronzeRows rows)
    {
        bool[] wanted = [.. Enumerable.Range(0, rows.Count).Select(rows.IsReplay)];
        byte[]?[] records = BronzeRows.ReadBytes(group, wanted);
        string?[] keys = BronzeRows.ReadKeys(group, wanted);
        for (int row = 0; row < rows.Count; row++)
        {
            if (wanted[row])
            {
                byte[] record = records[row] ?? [];
                Replay? replay = ingested.Replays.GetValueOrDefault(rows.SourceOf(row));
                _rows.Add(new Row(rows.SourceOf(row), replay, replay is null ? [] : rows.DifferencesOf(row, replay, record, keys[row]), record, group.PlaceOf(row), rows.OriginAt(row).IngestedAt, group.OrderOf(row)));
            }
        }
    }

    /// <summary>Writes the records.</summary>
    public void Save(BinaryWriter state)
    {
        state.Write(_rows.Count);
        foreach (Row row in _rows)
        {
            state.Write(row.Source);
            state.Write(row.Differences.Count);
            foreach (string? text in row.Differences.SelectMany(difference => (string?[])[difference.Column, difference.Expected, difference.Found]))
            {
                state.Write(text is not null);
                if (text is not null)
                {
                    state.Write(text);
                }
            }

            state.Write(row.Record.Length);
            state.Write(row.Record);
            state.Write(row.Place);
            state.Write(row.IngestedAt);
            state.Write(row.Order.File);
            state.Write(row.Order.Row);
        }
    }

    /// <summary>Adds records that were written elsewhere.</summary>
    public void Load(BinaryReader state)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            string source = state.ReadString();
            ColumnDifference[] differences = new ColumnDifference[state.ReadInt32()];
            for (int i = 0; i < differences.Length; i++)
            {
                differences[i] = new ColumnDifference(ReadText()!, ReadText(), ReadText());
            }

            byte[] record = state.ReadBytes(state.ReadInt32());
            _rows.Add(new Row(source, ingested.Replays.GetValueOrDefault(source), differences, record, state.ReadString(), state.ReadInt64(), (state.ReadInt32(), state.ReadInt64())));
        }

        string? ReadText() => state.ReadBoolean() ? state.ReadString() : null;
    }

    /// <summary>When a repaired record was appended, in Unix microseconds; null when it is not there.</summary>
    public long? IngestedAt(string source) => _rows.Where(row => row.Source == source).MinBy(row => row.Order)?.IngestedAt;

    /// <summary>Counts the records, and reports those that no batch appended, that are there once more, otherwise, or not at all.</summary>
    public void Report(Tally tally)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Row row in _rows.OrderBy(row => row.Order))
        {
            tally.Find(-1, 1);
            if (row.Replay is null && ingested.IsKnown)
            {
                tally.Report(FindingKind.Unexpected, -1, finding => Complete(finding, row) with { Cause = "no batch that progress records has replayed it" });
                continue;
            }

            tally.FindReplayed(1);
            if (row.Replay is not null && !seen.Add(row.Source))
            {
                tally.Report(FindingKind.Duplicated, -1, finding => Complete(finding, row));
                continue;
            }

            tally.Expected++;
            if (row.Differences.Count > 0)
            {
                tally.Report(FindingKind.Altered, -1, finding => (Complete(finding, row) with { Cause = "its batch appended it otherwise" }).With(row.Differences));
            }
        }

        foreach (Replay lost in ingested.Replays.Values.Where(replay => !seen.Contains(replay.Source)))
        {
            tally.Expected++;
            tally.Report(FindingKind.Missing, -1, finding => finding with
            {
                Key = KeyOf(lost.Bytes), Place = lost.Source, Cause = FormattableString.Invariant($"batch {lost.Batch} appended this repaired record"),
            });
        }
    }

    private Finding Complete(Finding finding, Row row) => finding with { Key = KeyOf(row.Record), Place = $"{row.Place}, from {row.Source}" };

    private string? KeyOf(byte[] record) => RecordId.TryRead(domain.Key, record)?.Text;

    private sealed record Row(string Source, Replay? Replay, IReadOnlyList<ColumnDifference> Differences, byte[] Record, string Place, long IngestedAt, (int File, long Row) Order);
}
