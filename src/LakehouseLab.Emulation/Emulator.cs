using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Storage;
using LakehouseLab.World;

namespace LakehouseLab.Emulation;

/// <summary>The use case "emulate": makes rows and delivers them.</summary>
public static class Emulator
{
    /// <summary>Delivers rows as an emulation of a lake. The same request goes on where the data ends; once all is there it
    /// makes nothing.</summary>
    /// <param name="request">What is to be made.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="control">What the run is told and whom it tells.</param>
    /// <param name="cancellationToken">Interrupts it: what was made is delivered if that takes no longer than
    /// <see cref="EmulationDelivery.Grace"/>, and the emulation can be continued.</param>
    /// <exception cref="InvalidRequestException">The lake holds another world, or another emulation has some of the rows.</exception>
    public static async Task<EmulationResult> RunAsync(EmulationRequest request, Lake lake, EmulationControl control, CancellationToken cancellationToken)
    {
        await lake.BindAsync(request.World.Settings, cancellationToken).ConfigureAwait(false);

        // The lake's own raw folder is the place: its name must not change with the folder's.
        Guid id = request.Emulation ?? EmulationId.Of(request, "lake");
        RangeClaims claims = new(lake, request.Schema.Domain);
        return await new EmulationDelivery(request, id, lake.Store, claims, control).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Delivers rows into a folder that is no lake: the same tree with its manifest, no claim and no world.</summary>
    public static Task<EmulationResult> RunAsync(EmulationRequest request, IObjectStore folder, EmulationControl control, CancellationToken cancellationToken) =>
        new EmulationDelivery(request, request.Emulation ?? EmulationId.Of(request, "folder"), folder, null, control).RunAsync(cancellationToken);

    /// <summary>Writes rows to a stream, as one chunk.</summary>
    public static async Task<EmulationResult> RunAsync(EmulationRequest request, Stream output, EmulationControl control, CancellationToken cancellationToken)
    {
        Tally tally = new();
        PaceSchedule schedule = new(request.Pace, control.Clock);
        StreamSink sink = new(request, output, control.Clock);
        await using (sink.ConfigureAwait(false))
        {
            PacedDelivery delivery = new(request, sink, control, schedule, tally, () => control.Progress?.Report(
                new EmulationProgress(request.Schema, tally.Rows, request.Rows, tally.Rows, sink.DeliveredBytes) { EventTime = tally.EventTime, Behind = schedule.Behind }));
            await delivery.RunAsync(request.Range, cancellationToken, cancellationToken).ConfigureAwait(false);
            await sink.EndAsync(cancellationToken).ConfigureAwait(false);
        }

        return new EmulationResult(
            request.Schema, EmulationId.Of(request, "stream"), request.FirstRow, request.Rows ?? tally.Rows, tally.Rows, sink.DeliveredBytes, tally.FraudsByRule, schedule.Behind);
    }

    /// <summary>Takes rows of a domain for an emulation that is to begin: those after all that the lake has.</summary>
    /// <param name="emulation">The emulation.</param>
    /// <param name="schema">The domain.</param>
    /// <param name="rows">How many; null for as many as come until it is ended, which are claimed piece by piece.</param>
    /// <param name="options">How they are made.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The first row of the request to run.</returns>
    public static async Task<long> ClaimNextAsync(
        Guid emulation, World.Schemas.DomainSchema schema, long? rows, EmulationOptions options, Lake lake, CancellationToken cancellationToken)
    {
        await lake.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return (await new RangeClaims(lake, schema.Domain).ClaimNextAsync(emulation, rows ?? Pieces.RowsOf(options.Pace), cancellationToken).ConfigureAwait(false)).FirstRow;
    }
}
