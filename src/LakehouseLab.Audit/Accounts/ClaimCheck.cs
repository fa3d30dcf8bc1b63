using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Holds the claims of a domain against each other and against the manifests.</summary>
/// <param name="domain">The domain.</param>
/// <param name="claims">Its claims.</param>
/// <param name="areWhole">Whether these are all: an emulation that has none lost it then.</param>
/// <param name="emulations">Its emulations that could be read.</param>
/// <param name="unread">The emulations whose manifests could not.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class ClaimCheck(string domain, IReadOnlyList<Claim> claims, bool areWhole, IReadOnlyList<EmulationAccount> emulations, IReadOnlySet<Guid> unread, Tally tally)
{
    private const string Restore = "restore the one that was changed or lost from a copy";

    private readonly HashSet<Claim> _overlapping = [];

    /// <summary>Reports what does not fit together.</summary>
    /// <returns>The emulations that have a claim and no manifest.</returns>
    public IEnumerable<Guid> Run()
    {
        CheckOverlaps();
        ILookup<Guid, Claim> byEmulation = claims.Where(claim => claim.Range.Rows > 0).ToLookup(claim => claim.Emulation);
        HashSet<Guid> known = [.. emulations.Select(emulation => emulation.Manifest.Id)];
        Claim[] orphans = [.. byEmulation.SelectMany(own => own).Where(claim => !known.Contains(claim.Emulation) && !unread.Contains(claim.Emulation))];
        foreach (Claim claim in orphans)
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Domain = domain,
                Place = LakeLayout.Manifest(claim.Emulation),
                Cause = $"{claim.Key} claims rows {Text(claim.Range)} for it",
                Remedy = "restore it from a copy",
            });
        }

        foreach (EmulationAccount emulation in emulations)
        {
            Check(emulation, [.. byEmulation[emulation.Manifest.Id]]);
        }

        return orphans.Select(claim => claim.Emulation);
    }

    private void CheckOverlaps()
    {
        Claim? before = null;
        foreach (Claim claim in claims.Where(claim => claim.Range.Rows > 0).OrderBy(claim => claim.Range.FirstRow))
        {
            // One that is there twice in a document was told of the document.
            if (before is not null && before.Range.Intersect(claim.Range) is { Rows: > 0 } both && before != claim)
            {
                Claim first = before;
                _overlapping.UnionWith([first, claim]);
                tally.Report(FindingKind.Contradictory, finding => finding with
                {
                    Domain = domain,
                    Place = claim.Key,
                    Cause = $"{first.Key} and {claim.Key} both claim rows {Text(both)}, for emulations {first.Emulation} and {claim.Emulation}",
                    Remedy = Restore,
                });
            }

            before = before is not null && before.Range.EndRow > claim.Range.EndRow ? before : claim;
        }
    }

    private void Check(EmulationAccount emulation, IReadOnlyList<Claim> own)
    {
        Manifest manifest = emulation.Manifest;
        List<RowRange> promised = [.. Delivered(emulation).Where(range => range.Rows > 0)];
        if (own.Count == 0 && promised.Count > 0)
        {
            if (!areWhole)
            {
                return;
            }

            tally.Report(FindingKind.Missing, finding => finding with
            {
                Domain = domain,
                Place = LakeLayout.ClaimsOf(domain),
                Cause = $"no claim says that emulation {manifest.Id} may make rows {Text(promised[0])}, as {LakeLayout.Manifest(manifest.Id)} says that it did",
                Remedy = "restore the claim from a copy",
            });
            return;
        }

        foreach (RowRange range in promised)
        {
            long claimed = own.Sum(claim => Math.Max(0, claim.Range.Intersect(range).Rows));
            if (claimed < range.Rows)
            {
                tally.Report(FindingKind.Contradictory, finding => finding with
                {
                    Domain = domain,
                    Place = LakeLayout.Manifest(manifest.Id),
                    Expected = $"rows {string.Join(", ", own.Select(claim => Text(claim.Range)))}",
                    Found = $"rows {Text(range)}",
                    Cause = $"{string.Join(", ", own.Select(claim => claim.Key))} claims other rows for the emulation than its manifest says that it delivered",
                    Remedy = Restore,
                });
            }
        }

        long kept = own.Sum(claim => claim.Range.Rows);
        long ranges = manifest.Ranges.Sum(range => range.Rows);
        if (manifest.IsEnded && kept > ranges && !own.Any(_overlapping.Contains) && promised.All(range => own.Sum(claim => Math.Max(0, claim.Range.Intersect(range).Rows)) == range.Rows))
        {
            tally.Report(FindingKind.Contradictory, finding => finding with
            {
                Domain = domain,
                Place = LakeLayout.Manifest(manifest.Id),
                Column = "ranges",
                Expected = FormattableString.Invariant($"{kept} rows"),
                Found = FormattableString.Invariant($"{ranges} rows"),
                Cause = $"the emulation has ended, and {string.Join(", ", own.Select(claim => claim.Key))} claims more rows than its manifest has",
                Remedy = Restore,
            });
        }
    }

    // Of one that has not ended only what it delivered counts: the manifest is written before the claim.
    private static IEnumerable<RowRange> Delivered(EmulationAccount emulation) => emulation.Manifest.IsEnded
        ? emulation.Manifest.Ranges.Select(range => new RowRange(range.FirstRow, range.EndRow))
        : emulation.Chunks.Select(chunk => new RowRange(chunk.FirstRow, chunk.EndRow));

    private static string Text(RowRange range) => FormattableString.Invariant($"{range.FirstRow}–{range.EndRow - 1}");
}
