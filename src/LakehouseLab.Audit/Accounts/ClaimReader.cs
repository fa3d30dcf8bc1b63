using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Reads the claims of a lake.</summary>
internal sealed class ClaimReader(AccountStore store, Tally tally)
{
    /// <summary>Whether all claims of the domain that was read last could be read: what is lost or damaged was told.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Reads the claims of a domain in the order in which they were made.</summary>
    public async Task<IReadOnlyList<Claim>> ReadAsync(Domain domain, CancellationToken cancellationToken)
    {
        string prefix = LakeLayout.ClaimsOf(domain.Name);
        NumberedFolder folder = new(prefix, await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false));
        IReadOnlyList<(NumberedDocument Document, ClaimDocument Entry)> entries = await store.ReadAsync(
            folder, AccountDocuments.Default.ClaimDocument, AccountDocuments.Default.CondensedClaims, static claim => claim.Claims ?? 1, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, ClaimEndDocument> ends = await store.ReadEachAsync(folder.Supplements.Values, AccountDocuments.Default.ClaimEndDocument, cancellationToken).ConfigureAwait(false);

        List<Claim> claims = [];
        int number = 0;
        long read = 0;
        NumberedDocument? document = null;
        foreach ((NumberedDocument own, ClaimDocument entry) in entries)
        {
            number = own == document ? number : own.First;
            document = own;
            int next = number + (entry.Claims ?? 1);
            bool isRange = entry.FirstRow >= 0 && entry.Rows >= 0 && entry.Rows <= RowSelection.MaxRow - entry.FirstRow;
            long end = entry.EndedAt ?? (isRange ? entry.FirstRow + entry.Rows : entry.FirstRow);
            for (; number < next; number++)
            {
                end = folder.Supplements.TryGetValue(number, out string? key) && ends.TryGetValue(key, out ClaimEndDocument? ended) ? Math.Min(end, ended.EndRow) : end;
            }

            if (!isRange || end < entry.FirstRow)
            {
                tally.Damage(own.Key, FormattableString.Invariant($"it claims {entry.Rows} rows from {entry.FirstRow} on, ended at {end}, which is not a range"), "restore it from a copy");
                continue;
            }

            read += entry.Claims ?? 1;
            claims.Add(new Claim(domain, own.Key, entry.Emulation, new RowRange(entry.FirstRow, end)));
        }

        IsWhole = read == folder.End;
        return claims;
    }
}
