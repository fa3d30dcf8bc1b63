using LakehouseLab.Emulation.Lakes.Ledgers;

namespace LakehouseLab.Emulation.Lakes.Claims;

/// <summary>
/// Which rows of a domain a lake has or will have: ranges that do not overlap, each claimed before its first row is made.
/// Claims never change, so those that were read are kept. Not thread-safe.
/// </summary>
public sealed class RangeClaims(Lake lake, string domain)
{
    private static readonly LedgerForm<RangeClaim> s_form = new(ClaimDocuments.Default.RangeClaim, ClaimDocuments.Default.CondensedClaims, Digits: 1)
    {
        Supplement = new LedgerSupplement<RangeClaim>(
            LakeLayout.ClaimEndSuffix, static (claim, json, place) => claim.EndAt(LakeDocument.Read(json, place, ClaimDocuments.Default.ClaimEnd).EndRow)),
        NumbersOf = static claim => claim.Claims ?? 1,
        TryJoin = static (claim, next) => claim.TryJoin(next),
        Holds = static (held, claim) => held.Holds(claim),
    };

    private readonly Ledger<RangeClaim> _claims = new(lake, LakeLayout.ClaimsOf(domain), s_form);

    /// <summary>Reads the claims in the order in which they were made; neighbours of one emulation may have been condensed to one.</summary>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public Task<IReadOnlyList<RangeClaim>> ReadAsync(CancellationToken cancellationToken) => _claims.ReadAsync(cancellationToken);

    /// <summary>The row after all that are claimed: where the domain's next rows begin.</summary>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public async Task<long> FindNextRowAsync(CancellationToken cancellationToken) => NextRow(await ReadAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Refuses rows that another emulation has.</summary>
    /// <exception cref="RowsTakenException">Another emulation has some of them.</exception>
    public async Task RefuseTakenAsync(RangeClaim claim, CancellationToken cancellationToken) =>
        RefuseTaken(claim, await ReadAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Claims a range; a range that the same emulation has already is its own.</summary>
    /// <exception cref="RowsTakenException">Another emulation has some of the rows.</exception>
    public async Task ClaimAsync(RangeClaim claim, CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<RangeClaim> claims = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (claims.Any(other => other.EndedAt is null && other.Holds(claim)))
            {
                return;
            }

            RefuseTaken(claim, claims);
            if (await TryAppendAsync(claim, claims, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Claims the domain's next rows.</summary>
    /// <param name="emulation">Whose they are.</param>
    /// <param name="rows">How many.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<RangeClaim> ClaimNextAsync(Guid emulation, long rows, CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<RangeClaim> claims = await ReadAsync(cancellationToken).ConfigureAwait(false);
            RangeClaim claim = new(emulation, NextRow(claims), rows);
            if (await TryAppendAsync(claim, claims, cancellationToken).ConfigureAwait(false))
            {
                return claim;
            }
        }
    }

    /// <summary>Gives back what an emulation has claimed from a row on and will not make.</summary>
    public async Task EndAsync(Guid emulation, long endRow, CancellationToken cancellationToken)
    {
        int end = 0;
        foreach (RangeClaim claim in await ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            end += s_form.NumbersOf(claim);
            if (claim.Emulation == emulation && endRow < claim.EndRow)
            {
                // What is said of the last of condensed claims holds for all of their rows.
                byte[] json = LakeDocument.Write(new ClaimEnd(Math.Max(endRow, claim.FirstRow)), ClaimDocuments.Default.ClaimEnd);
                await _claims.SupplementAsync(end - 1, json, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void RefuseTaken(RangeClaim claim, IReadOnlyList<RangeClaim> claims)
    {
        RangeClaim? taken = claims.FirstOrDefault(other => other.Range.Intersect(claim.Range).Rows > 0);
        if (taken is not null)
        {
            throw new RowsTakenException(
                $"rows {claim.FirstRow} to {claim.EndRow - 1} of {domain}: lake '{lake.Location}' has rows {taken.FirstRow} to {taken.EndRow - 1} from emulation {taken.Emulation}; give --first-row {NextRow(claims)} or next, or repeat that emulation's command to continue it");
        }
    }

    // A claim that was closed at its own first row has no rows, so it is in nobody's way.
    private static long NextRow(IReadOnlyList<RangeClaim> claims) => claims.Where(claim => claim.Range.Rows > 0).Select(claim => claim.EndRow).DefaultIfEmpty(0).Max();

    private async Task<bool> TryAppendAsync(RangeClaim claim, IReadOnlyList<RangeClaim> claims, CancellationToken cancellationToken)
    {
        int number = claims.Sum(s_form.NumbersOf);
        if (!await _claims.TryAppendAsync(number, claim, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await _claims.CondenseAsync(number, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
