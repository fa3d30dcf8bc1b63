using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Problems;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace LakehouseLab.Server.Emulations;

/// <summary>Finds the emulation that has the rows another one needs, or will have them. Not thread-safe.</summary>
/// <param name="lake">The lake.</param>
/// <param name="world">Its world.</param>
/// <param name="registry">The service's emulations, of which some have not claimed their rows yet.</param>
internal sealed class TakenRows(Lake lake, EmulatedWorld world, EmulationRegistry registry)
{
    private readonly Dictionary<string, RangeClaims> _claims = [];

    /// <summary>Whether an emulation states its first row, so that it may be another's.</summary>
    public static bool AreStated(EmulationSettings settings) => settings is not { FirstRow: null, From: null };

    /// <summary>Looks whether the rows are taken that an emulation states.</summary>
    /// <param name="settings">An emulation that is to begin and states its first row.</param>
    /// <param name="own">The emulation, when it has an id already.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>The conflict, or that there are no such rows; null when they are free.</returns>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public async Task<ProblemDetails?> FindAsync(EmulationSettings settings, Guid? own, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(RangeOf(settings), settings, own, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refusal) when (refusal is InvalidRequestException or WorldEndException)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, refusal.Message);
        }
    }

    /// <summary>Looks whether rows are taken.</summary>
    /// <param name="range">The rows.</param>
    /// <param name="settings">The emulation that needs them.</param>
    /// <param name="own">Its id, when it has one already.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>The conflict; null when they are free.</returns>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public async Task<ProblemDetails?> FindAsync(RowRange range, EmulationSettings settings, Guid? own, CancellationToken cancellationToken)
    {
        string domain = settings.EmulationDomain;
        if (!_claims.TryGetValue(domain, out RangeClaims? claims))
        {
            _claims[domain] = claims = new RangeClaims(lake, domain);
        }

        IReadOnlyList<RangeClaim> all = await claims.ReadAsync(cancellationToken).ConfigureAwait(false);
        long next = await claims.FindNextRowAsync(cancellationToken).ConfigureAwait(false);
        if (all.FirstOrDefault(claim => claim.Emulation != own && claim.Range.Intersect(range).Rows > 0) is { } taken)
        {
            Manifest? manifest = await new ManifestStore(lake.Store).FindAsync(taken.Emulation, cancellationToken).ConfigureAwait(false);
            return Conflict(range, settings, Describe(range, settings, taken, all, manifest), next);
        }

        return registry.All.Select(job => job.Record)
            .Where(record => record.Id != own && !record.State.IsEnded() && record.Settings.EmulationDomain == domain && AreStated(record.Settings))
            .Select(record => (Record: record, Range: RangeOf(record.Settings)))
            .FirstOrDefault(other => other.Range.Intersect(range).Rows > 0) is { Record: { } queued } found
                ? Conflict(range, settings, Describe(range, settings, queued, found.Range, found.Range), Math.Max(found.Range.EndRow, next))
                : null;
    }

    private RowRange RangeOf(EmulationSettings settings)
    {
        Domain domain = Domain.Find(settings.EmulationDomain)!;
        RowSelection selection = new() { FirstRow = settings.FirstRow ?? 0, From = settings.From, Rows = settings.Rows, Until = settings.Until };
        return settings.IsOpen()
            ? new EmulationRequest(domain, world, selection.FirstRowOf(world, domain), null, settings.ToOptions()).FirstClaim
            : selection.Of(world, domain);
    }

    // One that has not come to its end is compared by what it was asked for: it can still go on to that.
    private RowsHolder Describe(RowRange range, EmulationSettings settings, RangeClaim taken, IReadOnlyList<RangeClaim> all, Manifest? manifest)
    {
        RowRange has = Whole(taken, all);
        EmulationRecord? record = registry.Find(taken.Emulation)?.Record;
        RowRange asked = manifest is { Rows: { } rows } ? new RowRange(manifest.FirstRow, manifest.FirstRow + rows) : has;
        bool isComplete = record is null ? manifest?.State == EmulationState.Completed : record.State == JobState.Completed;
        if (record is not null)
        {
            return Describe(range, settings, record, has, isComplete ? has : asked);
        }

        JsonObject? document = manifest?.ToDocument();
        bool isSame = manifest is not null && IsSame(range, settings.IsOpen(), isComplete ? has : asked, manifest.Rows is null);
        return new RowsHolder(
            taken.Emulation,
            manifest?.State.ToString().ToLowerInvariant() ?? "unknown",
            has.FirstRow,
            has.Rows,
            [.. isSame ? Array.Empty<string>() : ["rows"], .. document is null ? [] : SettingsComparison.FindDifferences(settings.ToDocument(), document, isWhole: false, areOpen: false)])
        {
            Settings = document,
        };
    }

    private static RowsHolder Describe(RowRange range, EmulationSettings settings, EmulationRecord record, RowRange has, RowRange compared)
    {
        JsonObject document = record.Settings.ToDocument();
        bool isSame = IsSame(range, settings.IsOpen(), compared, record.Settings.IsOpen());
        return new RowsHolder(
            record.Id,
            record.State.ToString().ToLowerInvariant(),
            has.FirstRow,
            has.Rows,
            [.. isSame ? Array.Empty<string>() : ["rows"], .. SettingsComparison.FindDifferences(settings.ToDocument(), document, isWhole: true, areOpen: settings.IsOpen() || record.Settings.IsOpen())])
        {
            Settings = document,
            Link = EmulationLinks.Of(record).Self,
        };
    }

    private static bool IsSame(RowRange range, bool isOpen, RowRange other, bool isOtherOpen) =>
        isOpen == isOtherOpen && range.FirstRow == other.FirstRow && (isOpen || range.EndRow == other.EndRow);

    // A resumed emulation has claims next to each other.
    private static RowRange Whole(RangeClaim taken, IReadOnlyList<RangeClaim> all)
    {
        RowRange whole = taken.Range;
        foreach (RowRange own in all.Where(claim => claim.Emulation == taken.Emulation && claim.Range.Rows > 0).Select(claim => claim.Range).OrderBy(own => own.FirstRow))
        {
            whole = own.EndRow == whole.FirstRow ? whole with { FirstRow = own.FirstRow }
                : own.FirstRow == whole.EndRow ? whole with { EndRow = own.EndRow }
                : whole;
        }

        return whole;
    }

    private static RowsTakenProblem Conflict(RowRange range, EmulationSettings settings, RowsHolder holder, long free) => new()
    {
        Title = ReasonPhrases.GetReasonPhrase(StatusCodes.Status409Conflict),
        Status = StatusCodes.Status409Conflict,
        Detail = FormattableString.Invariant($"rows {range.FirstRow} to {range.EndRow - 1} of {settings.EmulationDomain} are not free: emulation {holder.Id} ({Word(holder)}) has rows {holder.FirstRow} to {holder.FirstRow + holder.Rows - 1}; state first_row next, or one from {free} on"),
        TakenBy = holder,
        NextRow = free,
    };

    private static string Word(RowsHolder holder) => holder.Settings is not { } settings ? "which has no manifest"
        : $"{holder.Status}, {settings["format_type"]} to {settings["emulator_sync"]}{(settings["rate"] is { } rate ? $", rate {rate}" : "")}";
}
