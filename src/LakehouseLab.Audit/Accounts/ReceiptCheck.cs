using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Holds receipts against what the lake says of itself.</summary>
/// <param name="accounts">What the lake says of itself.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class ReceiptCheck(LakeAccounts accounts, Tally tally)
{
    /// <summary>Reports what a receipt names and the lake does not have.</summary>
    public void Run(Receipt receipt)
    {
        // Of those that the lake contradicts itself about, too much is said already.
        if (receipt.Rows <= 0 || receipt.Emulations.Any(accounts.Unusable.Contains))
        {
            return;
        }

        List<EmulationAccount> known = [.. accounts.Emulations.Where(account => receipt.Emulations.Contains(account.Manifest.Id))];
        foreach (Guid lost in receipt.Emulations.Except(known.Select(account => account.Manifest.Id)))
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Domain = receipt.Domain,
                Place = LakeLayout.Manifest(lost),
                Cause = $"{receipt.Source} has a receipt of emulation {lost}, and nothing in the lake names it",
                Remedy = "restore its claim, manifest and objects from a copy, or give the same emulate command again",
            });
        }

        RowRange range = receipt.FirstRow is { } first ? new RowRange(first, first + receipt.Rows) : new RowRange(0, long.MaxValue);
        long delivered = known.SelectMany(DeliveredBy).Sum(rows => Math.Max(0, rows.Intersect(range).Rows));
        if (known.Count == receipt.Emulations.Count && delivered < receipt.Rows)
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Domain = receipt.Domain,
                Place = string.Join(", ", receipt.Emulations.Select(LakeLayout.Manifest)),
                Expected = FormattableString.Invariant($"{receipt.Rows} rows"),
                Found = FormattableString.Invariant($"{delivered} rows"),
                Cause = $"{receipt.Source} has a receipt for more rows than the lake says that were delivered",
                Remedy = "restore the manifest and the objects from a copy",
            });
        }
    }

    private static IEnumerable<RowRange> DeliveredBy(EmulationAccount account) => account.Manifest.IsEnded || account.Manifest.Sync == SyncSystem.Kafka
        ? account.Manifest.Ranges.Select(range => new RowRange(range.FirstRow, range.EndRow))
        : account.Chunks.Select(chunk => new RowRange(chunk.FirstRow, chunk.EndRow));
}
