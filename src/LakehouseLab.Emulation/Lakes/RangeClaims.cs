using System.Globalization;
using System.Text.Json;
using LakehouseLab.Storage;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>
/// Which rows of a domain a lake has or will have: ranges that do not overlap, each claimed before its first row is made.
/// Claims never change, so those that were read are kept. Not thread-safe.
/// </summary>
public sealed class RangeClaims(Lake lake, string domain)
{
    private readonly List<RangeClaim> _claims = [];

    /// <summary>Reads the claims in the order in which they were made.</summary>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public async Task<IReadOnlyList<RangeClaim>> ReadAsync(CancellationToken cancellationToken)
    {
        (int count, SortedSet<int> ended) = await ListAsync(cancellationToken).ConfigureAwait(false);
        IEnumerable<string> unread = Enumerable.Range(_claims.Count, Math.Max(0, count - _claims.Count)).Select(number => LakeLayout.Claim(domain, number));
        await foreach ((string key, byte[]? json) in lake.Store.ReadEachAsync(unread, cancellationToken).ConfigureAwait(false))
        {
            _claims.Add(json is null
                ? throw new LakeException($"{lake.Location}/{key} is missing though later ones are there: restore it from a copy")
                : LakeDocument.Read(json, $"{lake.Location}/{key}", LakeDocuments.Default.RangeClaim));
        }

        // A claim that was read before may have been ended since.
        int[] unknown = [.. ended.Where(number => number < _claims.Count && _claims[number].EndedAt is null)];
        int read = 0;
        await foreach ((string key, byte[]? json) in lake.Store.ReadEachAsync(unknown.Select(number => LakeLayout.ClaimEnd(domain, number)), cancellationToken).ConfigureAwait(false))
        {
            int number = unknown[read++];
            ClaimEnd? end = json is null ? null : LakeDocument.Read(json, $"{lake.Location}/{key}", LakeDocuments.Default.ClaimEnd);
            _claims[number] = _claims[number] with { EndedAt = end?.EndRow };
        }

        return _claims;
    }

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
            if (claims.Contains(claim))
            {
                return;
            }

            RefuseTaken(claim, claims);
            if (await TryPutAsync(claim, claims.Count, cancellationToken).ConfigureAwait(false))
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
            if (await TryPutAsync(claim, claims.Count, cancellationToken).ConfigureAwait(false))
            {
                return claim;
            }
        }
    }

    /// <summary>Gives back what an emulation has claimed from a row on and will not make.</summary>
    public async Task EndAsync(Guid emulation, long endRow, CancellationToken cancellationToken)
    {
        IReadOnlyList<RangeClaim> claims = await ReadAsync(cancellationToken).ConfigureAwait(false);
        for (int number = 0; number < claims.Count; number++)
        {
            if (claims[number].Emulation == emulation && endRow < claims[number].EndRow)
            {
                ClaimEnd end = new(Math.Max(endRow, claims[number].FirstRow));
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(end, LakeDocuments.Default.ClaimEnd);
                await lake.Store.TryPutAsync(LakeLayout.ClaimEnd(domain, number), json, cancellationToken).ConfigureAwait(false);
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

    private async Task<bool> TryPutAsync(RangeClaim claim, int number, CancellationToken cancellationToken) =>
        await lake.Store.TryPutAsync(
            LakeLayout.Claim(domain, number), JsonSerializer.SerializeToUtf8Bytes(claim, LakeDocuments.Default.RangeClaim), cancellationToken).ConfigureAwait(false);

    // Claims are numbered without gaps: the highest number tells how many there are. One that was lost is missed when it is read.
    private async Task<(int Count, SortedSet<int> Ended)> ListAsync(CancellationToken cancellationToken)
    {
        const string Json = ".json";
        const string End = "-end.json";
        int count = 0;
        SortedSet<int> ended = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.ClaimsOf(domain), cancellationToken).ConfigureAwait(false))
        {
            string name = item.Key[LakeLayout.ClaimsOf(domain).Length..];
            bool isEnd = name.EndsWith(End, StringComparison.Ordinal);
            if (name.EndsWith(Json, StringComparison.Ordinal)
                && int.TryParse(name[..^(isEnd ? End : Json).Length], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < int.MaxValue)
            {
                count = isEnd ? count : Math.Max(count, number + 1);
                _ = isEnd && ended.Add(number);
            }
        }

        return (count, ended);
    }
}
