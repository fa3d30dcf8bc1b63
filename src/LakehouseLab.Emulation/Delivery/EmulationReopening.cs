using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>
/// Lets an emulation go on that was ended before its time: it claims again the rows that it gave back, and its manifest no longer says
/// that it has ended. One that delivered nothing has nothing to go on from, so its manifest is removed and it begins anew.
/// </summary>
/// <param name="emulation">The emulation.</param>
/// <param name="lake">Its lake.</param>
internal sealed class EmulationReopening(Guid emulation, Lake lake)
{
    private readonly ManifestStore _manifests = new(lake.Store);

    /// <summary>The rows that were asked for and are not the emulation's own any more; without rows when there are none, and null when it would begin anew.</summary>
    public async Task<RowRange?> FindRestAsync(CancellationToken cancellationToken)
    {
        Manifest? manifest = await _manifests.FindAsync(emulation, cancellationToken).ConfigureAwait(false);
        return manifest is null || IsEmpty(manifest) ? null : await RestOfAsync(manifest, Claims(manifest), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reopens it. Whatever is killed on the way, it can be reopened again.</summary>
    /// <exception cref="RowsTakenException">Another emulation has claimed some of the rows since; nothing has changed then.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using LakeLock held = await lake.LockEmulationAsync(emulation, cancellationToken).ConfigureAwait(false);
        if (await _manifests.FindAsync(emulation, cancellationToken).ConfigureAwait(false) is not { } manifest)
        {
            return;
        }

        if (IsEmpty(manifest))
        {
            await _manifests.RemoveAsync(emulation, cancellationToken).ConfigureAwait(false);
            return;
        }

        RangeClaims claims = Claims(manifest);
        RowRange rest = await RestOfAsync(manifest, claims, cancellationToken).ConfigureAwait(false);
        Manifest reopened = manifest with { State = EmulationState.Interrupted };
        if (rest.Rows <= 0)
        {
            await (manifest.IsEnded ? _manifests.PutAsync(reopened, cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
            return;
        }

        // One that has ended may not have more claimed than its manifest says, so the manifest changes first.
        RangeClaim claim = new(emulation, rest.FirstRow, rest.Rows);
        await _manifests.PutAsync(reopened, cancellationToken).ConfigureAwait(false);
        try
        {
            await claims.ClaimAsync(claim, cancellationToken).ConfigureAwait(false);
        }
        catch (RowsTakenException)
        {
            await _manifests.PutAsync(manifest, cancellationToken).ConfigureAwait(false);
            throw;
        }

        IEnumerable<RowRange> ranges = manifest.Ranges.Select(range => new RowRange(range.FirstRow, range.EndRow)).Append(rest);
        await _manifests.PutAsync(reopened with { Ranges = ManifestRange.Join(ranges) }, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsEmpty(Manifest manifest) => manifest is { IsEnded: true, DeliveredRows: 0 };

    private RangeClaims Claims(Manifest manifest) => new(lake, manifest.Domain);

    // One without a number of rows claims its next ones as it goes.
    private async Task<RowRange> RestOfAsync(Manifest manifest, RangeClaims claims, CancellationToken cancellationToken)
    {
        if (manifest.Rows is not { } rows)
        {
            return default;
        }

        IReadOnlyList<RangeClaim> all = await claims.ReadAsync(cancellationToken).ConfigureAwait(false);
        long end = all.Where(claim => claim.Emulation == emulation && claim.Range.Rows > 0).Select(claim => claim.EndRow).DefaultIfEmpty(manifest.FirstRow).Max();
        return new RowRange(end, manifest.FirstRow + rows);
    }
}
