using System.Text.Json;
using LakehouseLab.Storage;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>Which rows of a domain a lake has or will have: ranges that do not overlap, each claimed before its first row is made.</summary>
public sealed class RangeClaims(Lake lake, string domain)
{
    /// <summary>Reads the claims in the order in which they were made.</summary>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public async Task<IReadOnlyList<RangeClaim>> ReadAsync(CancellationToken cancellationToken)
    {
        List<RangeClaim> claims = [];
        HashSet<string> keys = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.ClaimsOf(domain), cancellationToken).ConfigureAwait(false))
        {
            keys.Add(item.Key);
        }

        for (int number = 0; number < keys.Count; number++)
        {
            string key = LakeLayout.Claim(domain, number);
            byte[] json = await lake.Store.ReadAsync(key, cancellationToken).ConfigureAwait(false)
                ?? throw new LakeException($"{lake.Location}/{key} is missing though later ones are there: restore it from a copy");
            claims.Add(LakeDocument.Read(json, $"{lake.Location}/{key}", LakeDocuments.Default.RangeClaim));
        }

        return claims;
    }

    /// <summary>The row after all that are claimed: where the domain's next rows begin.</summary>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public async Task<long> FindNextRowAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(claim => claim.EndRow).DefaultIfEmpty(0).Max();

    /// <summary>Claims a range; a range that the same emulation has already is its own.</summary>
    /// <exception cref="InvalidRequestException">Another emulation has some of the rows.</exception>
    public async Task ClaimAsync(RangeClaim claim, CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<RangeClaim> claims = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (claims.Any(claim.Equals))
            {
                return;
            }

            RangeClaim? taken = claims.FirstOrDefault(other => other.Range.Intersect(claim.Range).Rows > 0);
            if (taken is not null)
            {
                throw new InvalidRequestException(
                    $"rows {claim.FirstRow} to {claim.EndRow - 1} of {domain}: lake '{lake.Location}' has rows {taken.FirstRow} to {taken.EndRow - 1} from emulation {taken.Emulation}; give --first-row {claims.Max(other => other.EndRow)} or next, or repeat that emulation's command to continue it");
            }

            byte[] json = JsonSerializer.SerializeToUtf8Bytes(claim, LakeDocuments.Default.RangeClaim);
            if (await lake.Store.TryPutAsync(LakeLayout.Claim(domain, claims.Count), json, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }
}
