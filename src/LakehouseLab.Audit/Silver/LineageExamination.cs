using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Silver;

/// <summary>Compares, in the blocks where they differ, where Silver's rows say that they come from with the first record of each row in Bronze.</summary>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="bronze">The Bronze table.</param>
/// <param name="silver">The Silver table.</param>
/// <param name="rows">Reads the Silver table.</param>
/// <param name="quarantined">The records that are in quarantine, so that the next one of their key is Silver's.</param>
/// <param name="expected">The records as they should be.</param>
/// <param name="altered">Rows of which something else is told already, so that one altered row is one.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class LineageExamination(DomainRanges ranges, BronzePart bronze, TableScan silver, SilverRows rows, QuarantinedRows quarantined, ExpectedRecords expected, SeenRows altered, Tally tally)
{
    private readonly Dictionary<long, RecordOrigin> _origins = [];

    /// <summary>Compares.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await bronze.VisitAsync(Keep, cancellationToken).ConfigureAwait(false);
        await silver.VisitAsync(Compare, cancellationToken).ConfigureAwait(false);
    }

    private bool IsWanted(long row) => ranges.Find(row) is int range and >= 0 && ranges.Ranges[range].IsAudited && bronze.Lineage.Differs(ranges.SlotOf(row));

    // A record of Bronze that does not say where it comes from is told there, and says nothing against Silver.
    private void Keep(TableGroup group, BronzeRows records)
    {
        for (int at = 0; at < records.Count; at++)
        {
            if (records.DomainRowOf(at) is long row and >= 0 && IsWanted(row) && bronze.IsCredible(records, at)
                && records.OriginAt(at) is { Batch: >= 0, IngestedAt: >= 0 } origin && !quarantined.Has(origin)
                && (!_origins.TryGetValue(row, out RecordOrigin first) || origin.IsBefore(first)))
            {
                _origins[row] = origin;
            }
        }
    }

    private void Compare(TableGroup group)
    {
        rows.Read(group);
        long[] domainRows = [.. Enumerable.Range(0, group.Rows).Select(rows.DomainRowOf)];
        bool[] wanted = [.. domainRows.Select(row => _origins.ContainsKey(row) && !altered.Contains(row))];
        if (Array.IndexOf(wanted, true) < 0)
        {
            return;
        }

        string?[][] found = [.. TableDeclaration.Lineage.Select(column => ReadTexts(group, column, wanted))];
        for (int row = 0; row < group.Rows; row++)
        {
            if (!wanted[row])
            {
                continue;
            }

            int at = row;
            RecordOrigin origin = _origins[domainRows[row]];
            List<ColumnDifference> differences = [.. TextsOf(origin)
                .Select((text, column) => new ColumnDifference(TableDeclaration.Lineage[column].Name, text, found[column][at]))
                .Where(difference => difference.Expected != difference.Found)];
            if (differences.Count > 0)
            {
                tally.Report(FindingKind.Altered, ranges.Find(domainRows[row]), finding => (finding with
                {
                    Row = domainRows[at], Key = expected.IdOf(domainRows[at]), Place = group.PlaceOf(at), Cause = "its record in Bronze says otherwise where it comes from",
                }).With(differences));
            }
        }
    }

    private static string?[] ReadTexts(TableGroup group, TableColumn column, bool[] wanted)
    {
        string?[] texts = new string?[group.Rows];
        group.Read(column, new TextSink(texts, wanted, column));
        return texts;
    }

    private static string[] TextsOf(RecordOrigin origin) =>
    [
        ValueText.Of(TableDeclaration.Lineage[0], origin.Batch),
        origin.Source,
        ValueText.Of(TableDeclaration.Lineage[2], origin.Offset),
        ValueText.Of(TableDeclaration.Lineage[3], origin.IngestedAt),
    ];
}
