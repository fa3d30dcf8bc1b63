using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

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
    /// <exception cref="InvalidRequestException">The lake holds another world.</exception>
    /// <exception cref="RowsTakenException">Another emulation has some of the rows.</exception>
    /// <exception cref="WorldEndException">A row would lie after the year 9999.</exception>
    public static async Task<EmulationResult> RunAsync(EmulationRequest request, Lake lake, EmulationControl control, CancellationToken cancellationToken)
    {
        await lake.RefuseOtherAsync(request.World.Settings, cancellationToken).ConfigureAwait(false);

        // The lake's own raw folder is the place: its name must not change with the folder's.
        Guid id = request.Emulation ?? EmulationId.Of(request, "lake");
        return await new EmulationDelivery(request, id, lake.Store, lake, control).RunAsync(cancellationToken).ConfigureAwait(false);
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
        PacedDelivery delivery;
        await using (sink.ConfigureAwait(false))
        {
            delivery = new(request, sink, control, schedule, tally, () =>
            {
                long? reached = tally.Delivered.At(long.MaxValue);
                control.Progress?.Report(new EmulationProgress(request.Schema, tally.Rows, request.Rows, tally.Rows, sink.DeliveredBytes) { EventTime = reached, Behind = schedule.Behind });
            });
            await delivery.RunAsync(request.Range, cancellationToken, cancellationToken).ConfigureAwait(false);
            await sink.EndAsync(cancellationToken).ConfigureAwait(false);
        }

        return new EmulationResult(
            request.Schema, EmulationId.Of(request, "stream"), request.FirstRow, request.Rows ?? tally.Rows, tally.Rows, sink.DeliveredBytes, tally.FraudsByRule, schedule.Behind) { Time = delivery.Time };
    }

    /// <summary>The row after all that a lake's emulations have: where the domain's next rows begin. A claim of rows that the world
    /// does not have, by an emulation that delivered nothing, is closed first, since no row could follow it.</summary>
    /// <param name="lake">The lake, whose lock for records the caller holds.</param>
    /// <param name="world">The lake's world.</param>
    /// <param name="schema">The domain.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public static async Task<long> FindNextRowAsync(Lake lake, EmulatedWorld world, DomainSchema schema, CancellationToken cancellationToken)
    {
        RangeClaims claims = new(lake, schema.Domain);
        await new DeadClaims(lake, claims, world.CreateFactory(schema)).CloseAsync(cancellationToken).ConfigureAwait(false);
        return await claims.FindNextRowAsync(cancellationToken).ConfigureAwait(false);
    }
}
