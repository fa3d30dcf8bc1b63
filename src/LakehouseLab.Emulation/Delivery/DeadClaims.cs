using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>
/// Claims of rows after the world's end. Nobody can make them and nothing could follow them; programs that claimed before they
/// looked have left some. They are closed at their own first row, and never deleted, since claims are numbered without gaps.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="claims">The domain's claims.</param>
/// <param name="factory">Knows which rows there are.</param>
internal sealed class DeadClaims(Lake lake, RangeClaims claims, IDataFactory factory)
{
    private readonly ManifestStore _manifests = new(lake.Store);

    /// <summary>Closes those of emulations that delivered nothing.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        // The last rows are looked at first: where the world has those, it has all.
        IReadOnlyList<RangeClaim> open = await claims.ReadAsync(cancellationToken).ConfigureAwait(false);
        foreach (RangeClaim claim in open.Where(claim => claim.Range.Rows > 0).OrderByDescending(claim => claim.EndRow))
        {
            if (RowLimits.HasRow(factory, claim.EndRow - 1))
            {
                return;
            }

            await CloseAsync(claim, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CloseAsync(RangeClaim claim, CancellationToken cancellationToken)
    {
        Manifest? manifest = await _manifests.FindAsync(claim.Emulation, cancellationToken).ConfigureAwait(false);
        if (manifest is not null)
        {
            // One without an end claims more rows than there are as the world's end comes near, and makes those that there are.
            bool isUnderWay = manifest.Rows is null && RowLimits.HasRow(factory, claim.FirstRow);
            if (isUnderWay || manifest.DeliveredRows > 0 || (await _manifests.ListDeliveredAsync(manifest, cancellationToken).ConfigureAwait(false)).Count > 0)
            {
                return;
            }

            await _manifests.PutAsync(
                manifest with { State = EmulationState.Cancelled, Ranges = [new ManifestRange(manifest.FirstRow, 0)] }, cancellationToken).ConfigureAwait(false);
        }

        await claims.EndAsync(claim.Emulation, claim.FirstRow, cancellationToken).ConfigureAwait(false);
    }
}
