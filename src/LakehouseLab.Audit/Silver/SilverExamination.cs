using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;

namespace LakehouseLab.Audit.Silver;

/// <summary>Looks row by row at the blocks of a Silver table that differ from the world, and at rows that are of no block.</summary>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="comparison">Which blocks differ.</param>
/// <param name="expected">The records as they should be.</param>
/// <param name="rows">Reads the table.</param>
/// <param name="replays">Compares rows with repaired records.</param>
/// <param name="altered">Keeps the rows that are told as altered.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class SilverExamination(DomainRanges ranges, BlockComparison comparison, ExpectedRecords expected, SilverRows rows, ReplayComparison replays, SeenRows altered, Tally tally)
{
    private readonly SeenRows _seen = new();

    /// <summary>Whether rows that are none of the lake's own are foreign records, which were ingested.</summary>
    public bool TakesForeign { get; init; }

    /// <summary>Looks at some rows.</summary>
    public void Examine(TableGroup group)
    {
        rows.Read(group);
        long[] domainRows = new long[group.Rows];
        bool[] wanted = new bool[group.Rows];
        for (int row = 0; row < group.Rows; row++)
        {
            domainRows[row] = rows.DomainRowOf(row);
            int range = domainRows[row] < 0 ? -1 : ranges.Find(domainRows[row]);
            wanted[row] = range < 0 ? ranges.AreAllAudited : ranges.Ranges[range].IsAudited && comparison.Differs(domainRows[row]);
        }

        if (Array.IndexOf(wanted, true) < 0)
        {
            return;
        }

        Dictionary<string, string?[]> texts = rows.ReadTexts(group, wanted);
        replays.Read(group, wanted);
        for (int row = 0; row < group.Rows; row++)
        {
            if (wanted[row])
            {
                Examine(group, texts, row, domainRows[row]);
            }
        }
    }

    /// <summary>Reports the rows that were not met, each with why when it is in quarantine.</summary>
    /// <param name="quarantined">The records that are in quarantine.</param>
    /// <param name="waiting">Batches of Bronze, behind those that the table has ingested, with repaired records, by the rows that they repair.</param>
    public void ReportMissing(QuarantinedRows quarantined, IReadOnlyDictionary<long, long> waiting)
    {
        foreach ((long first, long end, int range) in comparison.Differing())
        {
            for (long row = first; row < end; row++)
            {
                if (!_seen.Contains(row))
                {
                    long missing = row;
                    tally.Report(FindingKind.Missing, range, finding => waiting.TryGetValue(missing, out long batch)
                        ? finding with { Row = missing, Key = expected.IdOf(missing), Cause = FormattableString.Invariant($"batch {batch} of Bronze has the repaired record, which the table has not ingested yet"), Remedy = "run lakelab pipeline run" }
                        : finding with { Row = missing, Key = expected.IdOf(missing), Cause = quarantined.ReasonOf(missing) });
                }
            }
        }
    }

    private void Examine(TableGroup group, Dictionary<string, string?[]> texts, int row, long domainRow)
    {
        Finding Complete(Finding finding) => finding with { Row = domainRow < 0 ? null : domainRow, Key = rows.KeyText(texts, row), Place = group.PlaceOf(row) };
        int range = domainRow < 0 ? -1 : ranges.Find(domainRow);
        if (range < 0 && TakesForeign)
        {
            tally.FindForeign(1);
            return;
        }

        tally.Find(range, 1);
        if (range < 0 && replays.Find(row) is { } replay)
        {
            Examine(replay, replays.Differences(replay, texts, row), Complete);
            return;
        }

        if (range < 0)
        {
            tally.Report(FindingKind.Unexpected, -1, finding => Complete(finding) with { Cause = domainRow < 0 ? "no row of this world has the key" : ranges.StrangeCause(domainRow) });
            return;
        }

        IReadOnlyCollection<ColumnDifference> differences = rows.Differences(
            texts, row, expected.BlockOf(domainRow).Batch, ranges.Ranges[range].Manifest.Labels, ExpectedRecords.PlaceOf(domainRow));
        FindingKind kind = _seen.Add(domainRow) ? FindingKind.Altered : FindingKind.Duplicated;
        if (kind == FindingKind.Duplicated || differences.Count > 0)
        {
            altered.Add(domainRow);
            string? cause = replays.Find(row) is { Source: var source } ? $"it was repaired so: {source}" : null;
            tally.Report(kind, range, finding => differences.Count == 0 ? Complete(finding) : (Complete(finding) with { Cause = cause }).With(differences));
        }
    }

    // A row that the world does not have, and a repaired record says so: whether Bronze's batch appended it is told there.
    private void Examine(Replay replay, IReadOnlyList<ColumnDifference> differences, Func<Finding, Finding> complete)
    {
        tally.FindReplayed(1);
        if (!replays.IsFirst(replay))
        {
            tally.Report(FindingKind.Duplicated, -1, complete);
            return;
        }

        tally.Expected++;
        if (differences.Count > 0)
        {
            tally.Report(FindingKind.Altered, -1, finding => (complete(finding) with { Cause = "the repaired record in Bronze says otherwise" }).With(differences));
        }
    }
}
