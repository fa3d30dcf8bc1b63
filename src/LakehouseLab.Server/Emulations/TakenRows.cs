using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Jobs;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Emulations;

/// <summary>Finds the emulation that has the rows another one states, or will have them. Not thread-safe.</summary>
/// <param name="lake">The lake.</param>
/// <param name="world">Its world.</param>
/// <param name="registry">The service's emulations, of which some have not claimed their rows yet.</param>
internal sealed class TakenRows(Lake lake, EmulatedWorld world, EmulationRegistry registry)
{
    private readonly Dictionary<string, RangeClaims> _claims = [];

    /// <summary>Whether an emulation states its first row, so that it may be another's.</summary>
    public static bool AreStated(EmulationSettings settings) => settings is not { FirstRow: null, From: null };

    /// <summary>Looks whether rows are taken.</summary>
    /// <param name="settings">An emulation that is to begin and states its first row.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>The conflict, or that there are no such rows; null when they are free.</returns>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public async Task<Problem?> FindAsync(EmulationSettings settings, CancellationToken cancellationToken)
    {
        RowRange range;
        try
        {
            range = RangeOf(settings);
        }
        catch (Exception refusal) when (refusal is InvalidRequestException or WorldEndException)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, refusal.Message);
        }

        string domain = settings.EmulationDomain;
        if (!_claims.TryGetValue(domain, out RangeClaims? claims))
        {
            _claims[domain] = claims = new RangeClaims(lake, domain);
        }

        IReadOnlyList<RangeClaim> all = await claims.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (all.FirstOrDefault(claim => claim.Range.Intersect(range).Rows > 0) is { } taken)
        {
            return Conflict(range, settings, taken.Emulation, taken.Range, await DescribeAsync(taken.Emulation, cancellationToken).ConfigureAwait(false), await claims.FindNextRowAsync(cancellationToken).ConfigureAwait(false));
        }

        return registry.All.Select(job => job.Record)
            .Where(record => !record.State.IsEnded() && record.Settings.EmulationDomain == domain && AreStated(record.Settings))
            .Select(record => (Record: record, Range: RangeOf(record.Settings)))
            .FirstOrDefault(other => other.Range.Intersect(range).Rows > 0) is { Record: { } queued } found
                ? Conflict(range, settings, queued.Id, found.Range, Describe(queued), Math.Max(found.Range.EndRow, await claims.FindNextRowAsync(cancellationToken).ConfigureAwait(false)))
                : null;
    }

    private RowRange RangeOf(EmulationSettings settings)
    {
        DomainSchema schema = DomainSchemas.Find(settings.EmulationDomain)!;
        RowSelection selection = new() { FirstRow = settings.FirstRow ?? 0, From = settings.From, Rows = settings.Rows, Until = settings.Until };
        return settings is { Rows: null, Until: null }
            ? new EmulationRequest(schema, world, selection.FirstRowOf(world, schema), null, settings.ToOptions()).FirstClaim
            : selection.Of(world, schema);
    }

    private async Task<string> DescribeAsync(Guid emulation, CancellationToken cancellationToken)
    {
        if (registry.Find(emulation) is { } job)
        {
            return Describe(job.Record);
        }

        return await new ManifestStore(lake.Store).FindAsync(emulation, cancellationToken).ConfigureAwait(false) is { } manifest
            ? $"{manifest.State.ToString().ToLowerInvariant()}, {manifest.Format} to {manifest.Destination.Name}"
            : "which has no manifest";
    }

    private static string Describe(EmulationRecord record) =>
        $"{record.State.ToString().ToLowerInvariant()}, {record.Settings.FormatType} to {record.Settings.EmulatorSync}, rate {record.Settings.Rate}";

    private static Problem Conflict(RowRange range, EmulationSettings settings, Guid emulation, RowRange taken, string described, long free) => Problem.Of(
        StatusCodes.Status409Conflict,
        FormattableString.Invariant($"rows {range.FirstRow} to {range.EndRow - 1} of {settings.EmulationDomain} are not free: emulation {emulation} ({described}) has rows {taken.FirstRow} to {taken.EndRow - 1}; state first_row next, or one from {free} on"));
}
