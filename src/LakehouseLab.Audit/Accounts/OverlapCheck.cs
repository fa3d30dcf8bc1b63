using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Holds the manifests of a domain against each other: no row is promised twice.</summary>
/// <param name="tally">Where findings go.</param>
internal sealed class OverlapCheck(Tally tally)
{
    /// <summary>Reports emulations that deliver the same rows.</summary>
    /// <param name="emulations">The emulations of a domain.</param>
    /// <param name="claimed">Those that have a claim, which are believed rather than others.</param>
    /// <returns>The emulations that contradict one that is believed.</returns>
    public IReadOnlyList<Guid> Run(IReadOnlyList<EmulationAccount> emulations, IReadOnlySet<Guid> claimed)
    {
        List<Guid> doubted = [];
        List<(RowRange Range, Manifest Manifest)> believed = [];
        foreach (Manifest manifest in emulations.Select(emulation => emulation.Manifest).OrderByDescending(manifest => claimed.Contains(manifest.Id)).ThenBy(manifest => manifest.FirstRow).ThenBy(manifest => manifest.Id))
        {
            RowRange[] ranges = [.. manifest.Ranges.Select(range => new RowRange(range.FirstRow, range.EndRow)).Where(range => range.Rows > 0)];
            (RowRange Both, Manifest Other)[] overlaps = [.. believed.SelectMany(other => ranges.Select(range => (range.Intersect(other.Range), other.Manifest))).Where(pair => pair.Item1.Rows > 0)];
            foreach ((RowRange both, Manifest other) in overlaps)
            {
                tally.Report(FindingKind.Contradictory, finding => finding with
                {
                    Domain = manifest.Domain,
                    Place = LakeLayout.Manifest(manifest.Id),
                    Cause = FormattableString.Invariant($"emulations {other.Id} and {manifest.Id} both deliver rows {both.FirstRow}–{both.EndRow - 1}"),
                    Remedy = $"remove the one that does not belong here, with its manifest, its parts and its objects: {(claimed.Contains(manifest.Id) ? "both have claims" : $"{manifest.Id} has no claim")}",
                });
            }

            if (overlaps.Length > 0)
            {
                doubted.Add(manifest.Id);
            }
            else
            {
                believed.AddRange(ranges.Select(range => (range, manifest)));
            }
        }

        return doubted;
    }
}
