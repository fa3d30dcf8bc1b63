using System.Diagnostics;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Server.Emulations;

/// <summary>Runs emulations of the service's lake.</summary>
/// <param name="lake">The lake.</param>
/// <param name="world">Its world.</param>
/// <param name="options">The service.</param>
internal sealed class EmulatorRunner(Lake lake, EmulatedWorld world, ServiceOptions options) : IEmulationRunner
{
    // Somebody else takes the next rows between two looks: not for long.
    private const int MostRaces = 100;

    /// <inheritdoc/>
    public async Task RunAsync(EmulationRecord emulation, EmulationSignals signals, IProgress<EmulationAdvance> progress)
    {
        DomainSchema schema = DomainSchemas.Find(emulation.Settings.EmulationDomain)!;
        ManifestStore manifests = new(lake.Store);
        Manifest? begun = await manifests.FindAsync(emulation.Id, signals.Stop).ConfigureAwait(false);
        if (begun is null && signals.Deadline <= options.Clock.GetUtcNow() && await FindClaimAsync(emulation, schema, signals.Stop).ConfigureAwait(false) is null)
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
        for (int race = 0; ; race++)
        {
            EmulationRequest request = begun is null
                ? await BeginAsync(emulation, schema, signals.Stop).ConfigureAwait(false)
                : Request(emulation, schema, begun.FirstRow, begun.Rows);
            try
            {
                await Emulator.RunAsync(request with { Duration = LeftOf(signals) }, lake, control, signals.Stop).ConfigureAwait(false);
                break;
            }
            catch (RowsTakenException) when (emulation.Settings is { FirstRow: null, From: null } && race < MostRaces)
            {
                // Another emulation has just taken the next rows: those after them are this one's.
                begun = null;
            }
        }

        if (await manifests.FindAsync(emulation.Id, signals.Stop).ConfigureAwait(false) is { } ended)
        {
            DeliveredCounts last = emulation.Counts with { Rows = ended.DeliveredRows, Bytes = ended.DeliveredBytes, Chunks = ended.Chunks, NextRow = ended.EndRow };
            progress.Report(new EmulationAdvance(last) { IsFinal = true });
        }
    }

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => exception is StorageException { IsUnavailable: true } or BrokerException { IsUnavailable: true };

    private TimeSpan? LeftOf(EmulationSignals signals) => signals.Deadline is not { } deadline ? null
        : deadline - options.Clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    // Rows that were claimed under the emulation's id are its own, whatever has happened since.
    private async Task<EmulationRequest> BeginAsync(EmulationRecord emulation, DomainSchema schema, CancellationToken stop)
    {
        EmulationSettings settings = emulation.Settings;
        if (await FindClaimAsync(emulation, schema, stop).ConfigureAwait(false) is { } own)
        {
            return Request(emulation, schema, own.FirstRow, settings is { Rows: null, Until: null } ? null : own.Rows);
        }

        bool isNext = settings is { FirstRow: null, From: null };
        RowSelection selection = new()
        {
            FirstRow = isNext ? await Emulator.FindNextRowAsync(lake, world, schema, stop).ConfigureAwait(false) : settings.FirstRow ?? 0,
            From = settings.From,
            Rows = settings.Rows,
            Until = settings.Until,
        };
        if (settings is { Rows: null, Until: null })
        {
            return Request(emulation, schema, selection.FirstRowOf(world, schema), null);
        }

        RowRange range = selection.Of(world, schema);
        return Request(emulation, schema, range.FirstRow, range.Rows);
    }

    private async Task<RangeClaim?> FindClaimAsync(EmulationRecord emulation, DomainSchema schema, CancellationToken stop)
    {
        IReadOnlyList<RangeClaim> all = await new RangeClaims(lake, schema.Domain).ReadAsync(stop).ConfigureAwait(false);
        return all.FirstOrDefault(claim => claim.Emulation == emulation.Id);
    }

    private EmulationRequest Request(EmulationRecord emulation, DomainSchema schema, long firstRow, long? rows) =>
        new(schema, world, firstRow, rows, emulation.Settings.ToOptions() with { Topic = options.NewTopics }) { Emulation = emulation.Id };

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
