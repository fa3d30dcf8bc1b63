using System.Diagnostics;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Server.Settings;
using LakehouseLab.Storage.Failures;
using LakehouseLab.World;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Server.Emulations;

/// <summary>Runs emulations of the service's lake.</summary>
/// <param name="lake">The lake.</param>
/// <param name="world">Its world.</param>
/// <param name="options">The service.</param>
internal sealed class EmulatorRunner(Lake lake, EmulatedWorld world, ServiceOptions options) : IEmulationRunner
{
    /// <inheritdoc/>
    public async Task RunAsync(EmulationRecord emulation, EmulationSignals signals, IProgress<EmulationAdvance> progress)
    {
        Domain domain = Domain.Find(emulation.Settings.EmulationDomain)!;
        ManifestStore manifests = new(lake.Store);
        Manifest? begun = await manifests.FindAsync(emulation.Id, signals.Stop).ConfigureAwait(false);
        if (begun is null && signals.Deadline <= options.Clock.GetUtcNow() && await FindClaimAsync(emulation, domain, signals.Stop).ConfigureAwait(false) is null)
        {
            // It never ran, and its time is over: nothing is begun.
            return;
        }

        EmulationControl control = new()
        {
            Clock = options.Clock,
            Variable = options.Variable,
            Progress = new Advance(progress, begun?.DeliveredBytes ?? 0),
            Unanswered = signals.Unanswered,
            Origin = emulation.RequestTrace is { } trace && ActivityContext.TryParse(trace, null, out ActivityContext origin) ? origin : null,
            Completion = signals.Completion,
            Cancellation = signals.Cancellation,
        };
        async Task<EmulationRequest> ChooseAsync(CancellationToken stop)
        {
            EmulationRequest request = begun is null
                ? await BeginAsync(emulation, domain, stop).ConfigureAwait(false)
                : Request(emulation, domain, begun.FirstRow, begun.Rows);
            begun = null;
            return request with { Duration = LeftOf(signals) };
        }

        await (TakenRows.AreStated(emulation.Settings)
            ? Emulator.RunAsync(await ChooseAsync(signals.Stop).ConfigureAwait(false), lake, control, signals.Stop)
            : Emulator.RunFreeAsync(ChooseAsync, lake, control, signals.Stop)).ConfigureAwait(false);
        if (await manifests.FindAsync(emulation.Id, signals.Stop).ConfigureAwait(false) is { } ended)
        {
            DeliveredCounts last = emulation.Counts with { Rows = ended.DeliveredRows, Bytes = ended.DeliveredBytes, Chunks = ended.Chunks, NextRow = ended.EndRow };
            progress.Report(new EmulationAdvance(last) { IsFinal = true });
        }
    }

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) =>
        exception is StorageException { IsUnavailable: true } or BrokerException { IsUnavailable: true } or EmulationInUseException;

    private TimeSpan? LeftOf(EmulationSignals signals) => signals.Deadline is not { } deadline ? null
        : deadline - options.Clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    // Rows that were claimed under the emulation's id are its own, whatever has happened since.
    private async Task<EmulationRequest> BeginAsync(EmulationRecord emulation, Domain domain, CancellationToken stop)
    {
        EmulationSettings settings = emulation.Settings;
        if (await FindClaimAsync(emulation, domain, stop).ConfigureAwait(false) is { } own)
        {
            return Request(emulation, domain, own.FirstRow, settings is { Rows: null, Until: null } ? null : own.Rows);
        }

        bool isNext = settings is { FirstRow: null, From: null };
        RowSelection selection = new()
        {
            FirstRow = isNext ? await Emulator.FindNextRowAsync(lake, world, domain, stop).ConfigureAwait(false) : settings.FirstRow ?? 0,
            From = settings.From,
            Rows = settings.Rows,
            Until = settings.Until,
        };
        if (settings is { Rows: null, Until: null })
        {
            return Request(emulation, domain, selection.FirstRowOf(world, domain), null);
        }

        RowRange range = selection.Of(world, domain);
        return Request(emulation, domain, range.FirstRow, range.Rows);
    }

    private async Task<RangeClaim?> FindClaimAsync(EmulationRecord emulation, Domain domain, CancellationToken stop)
    {
        IReadOnlyList<RangeClaim> all = await new RangeClaims(lake, domain.Name).ReadAsync(stop).ConfigureAwait(false);

        // One that delivered nothing and was resumed has given its rows back and begins anew.
        return all.FirstOrDefault(claim => claim.Emulation == emulation.Id && claim.Range.Rows > 0);
    }

    private EmulationRequest Request(EmulationRecord emulation, Domain domain, long firstRow, long? rows) =>
        new(domain, world, firstRow, rows, emulation.Settings.ToOptions() with { Topic = options.NewTopics }) { Emulation = emulation.Id };

    private sealed class Advance(IProgress<EmulationAdvance> progress, long bytesBefore) : IProgress<EmulationProgress>
    {
        public void Report(EmulationProgress value)
        {
            DeliveredCounts counts = new(value.Rows - value.MadeRows + value.DeliveredRows, bytesBefore + value.Bytes)
            {
                EventTime = value.EventTime is { } reached ? DateTimeOffset.FromUnixTimeMilliseconds(reached) : null,
                NextRow = value.NextRow,
                Chunks = value.Chunks,
                BehindSeconds = value.Behind.TotalSeconds,
            };
            progress.Report(new EmulationAdvance(counts));
        }
    }
}
