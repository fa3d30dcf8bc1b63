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
        EmulationRequest request = begun is null
            ? await BeginAsync(emulation, schema, signals.Stop).ConfigureAwait(false)
            : Request(emulation, schema, begun.FirstRow, begun.Rows);
        if (signals.Deadline is { } deadline)
        {
            TimeSpan left = deadline - options.Clock.GetUtcNow();
            request = request with { Duration = left > TimeSpan.Zero ? left : TimeSpan.Zero };
        }

        EmulationControl control = new()
        {
            Clock = options.Clock,
            Variable = options.Variable,
            Progress = new Advance(progress, begun?.DeliveredBytes ?? 0),
            Completion = signals.Completion,
            Cancellation = signals.Cancellation,
        };
        await Emulator.RunAsync(request, lake, control, signals.Stop).ConfigureAwait(false);
        if (await manifests.FindAsync(emulation.Id, signals.Stop).ConfigureAwait(false) is { } ended)
        {
            DeliveredCounts last = emulation.Counts with { Rows = ended.DeliveredRows, Bytes = ended.DeliveredBytes, Chunks = ended.Chunks, NextRow = ended.EndRow };
            progress.Report(new EmulationAdvance(last, last.Rows) { IsFinal = true });
        }
    }

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => exception is StorageException { IsUnavailable: true } or BrokerException { IsUnavailable: true };

    // The rows are taken before anything else happens, under the emulation's id: a restart finds them again.
    private async Task<EmulationRequest> BeginAsync(EmulationRecord emulation, DomainSchema schema, CancellationToken stop)
    {
        EmulationSettings settings = emulation.Settings;
        RangeClaims claims = new(lake, schema.Domain);
        IReadOnlyList<RangeClaim> all = await claims.ReadAsync(stop).ConfigureAwait(false);
        if (all.FirstOrDefault(claim => claim.Emulation == emulation.Id) is { } own)
        {
            return Request(emulation, schema, own.FirstRow, settings is { Rows: null, Until: null } ? null : own.Rows);
        }

        if (settings is { FirstRow: null, From: null, Until: null })
        {
            long next = await Emulator.ClaimNextAsync(emulation.Id, schema, settings.Rows, settings.ToOptions(), lake, stop).ConfigureAwait(false);
            return Request(emulation, schema, next, settings.Rows);
        }

        bool isNext = settings is { FirstRow: null, From: null };
        for (int race = 0; ; race++)
        {
            RowSelection selection = new()
            {
                FirstRow = isNext ? await claims.FindNextRowAsync(stop).ConfigureAwait(false) : settings.FirstRow ?? 0,
                From = settings.From,
                Rows = settings.Rows,
                Until = settings.Until,
            };
            if (settings is { Rows: null, Until: null })
            {
                return Request(emulation, schema, selection.FirstRowOf(world, schema), null);
            }

            RowRange range = selection.Of(world, schema);
            try
            {
                await claims.ClaimAsync(new RangeClaim(emulation.Id, range.FirstRow, range.Rows), stop).ConfigureAwait(false);
                return Request(emulation, schema, range.FirstRow, range.Rows);
            }
            catch (InvalidRequestException) when (isNext && race < MostRaces)
            {
                // Another emulation has just taken them.
            }
        }
    }

    private EmulationRequest Request(EmulationRecord emulation, DomainSchema schema, long firstRow, long? rows) =>
        new(schema, world, firstRow, rows, emulation.Settings.ToOptions() with { Topic = options.NewTopics }) { Emulation = emulation.Id };

    private sealed class Advance(IProgress<EmulationAdvance> progress, long bytesBefore) : IProgress<EmulationProgress>
    {
        public void Report(EmulationProgress value)
        {
            DeliveredCounts counts = new(value.Rows - value.MadeRows + value.DeliveredRows, bytesBefore + value.Bytes)
            {
                EventTime = value.MadeRows == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(value.EventTime),
                NextRow = value.NextRow,
                Chunks = value.Chunks,
                BehindSeconds = value.Behind.TotalSeconds,
            };
            progress.Report(new EmulationAdvance(counts, value.Rows));
        }
    }
}
