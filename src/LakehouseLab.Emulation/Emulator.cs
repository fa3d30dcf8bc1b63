using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Emulation.Sinks;
using LakehouseLab.Emulation.Sinks.Chunks;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Time;

namespace LakehouseLab.Emulation;

/// <summary>The use case "emulate": makes rows and delivers them.</summary>
public static class Emulator
{
    private const int MostRaces = 100;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    /// <summary>Delivers rows as an emulation of a lake. The same request goes on where the data ends; once all is there it
    /// makes nothing.</summary>
    /// <param name="request">What is to be made.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="control">What the run is told and whom it tells.</param>
    /// <param name="cancellationToken">Interrupts it: what was made is delivered if that takes no longer than
    /// <see cref="EmulationDelivery.Grace"/>, and the emulation can be continued.</param>
    /// <exception cref="InvalidRequestException">The lake holds another world.</exception>
    /// <exception cref="RowsTakenException">Another emulation has some of the rows.</exception>
    /// <exception cref="EmulationInUseException">Another process of this machine delivers the emulation.</exception>
    /// <exception cref="WorldEndException">A row would be after the year 9999.</exception>
    public static async Task<EmulationResult> RunAsync(EmulationRequest request, Lake lake, EmulationControl control, CancellationToken cancellationToken)
    {
        await lake.RefuseOtherAsync(request.World.Settings, cancellationToken).ConfigureAwait(false);

        // The lake's own raw folder is the place: its name must not change with the folder's.
        Guid id = request.Emulation ?? EmulationId.Of(request, "lake");
        using LakeLock held = await lake.LockEmulationAsync(id, cancellationToken).ConfigureAwait(false);
        for (TimeSpan pause = s_firstPause; ; pause = pause < s_longestPause ? pause * 2 : pause)
        {
            try
            {
                return await new EmulationDelivery(request, id, lake.Store, lake, control).RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ChunkTakenException) when (request is { Rows: not null, Duration: null })
            {
                // Another machine delivers the same rows. It is given time, and followed if it ends before its last one.
                await Task.Delay(pause, control.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Delivers rows that are free when they are chosen: if another emulation claims some first, others are chosen.</summary>
    /// <param name="choose">Chooses rows, such as those from <see cref="FindNextRowAsync"/> on.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="control">What the run is told and whom it tells.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="RowsTakenException">Others were faster each of a hundred times.</exception>
    public static async Task<EmulationResult> RunFreeAsync(
        Func<CancellationToken, Task<EmulationRequest>> choose, Lake lake, EmulationControl control, CancellationToken cancellationToken)
    {
        for (int race = 0; ; race++)
        {
            try
            {
                return await RunAsync(await choose(cancellationToken).ConfigureAwait(false), lake, control, cancellationToken).ConfigureAwait(false);
            }
            catch (RowsTakenException) when (race < MostRaces)
            {
                // Those after the others' are chosen.
            }
        }
    }

    /// <summary>Lets an emulation of a lake go on that was ended before its time, so that <see cref="RunAsync(EmulationRequest, Lake, EmulationControl, CancellationToken)"/>
    /// continues where its data ends. One that has not ended, or that the lake does not know, stays as it is.</summary>
    /// <exception cref="RowsTakenException">Another emulation has claimed some of its rows since; nothing has changed then.</exception>
    /// <exception cref="EmulationInUseException">Another process of this machine delivers the emulation.</exception>
    public static Task ReopenAsync(Guid emulation, Lake lake, CancellationToken cancellationToken) =>
        new EmulationReopening(emulation, lake).RunAsync(cancellationToken);

    /// <summary>The rows that an emulation would claim again if it were reopened; without rows when there are none, and null when it has
    /// delivered nothing, so that it would begin anew.</summary>
    public static Task<RowRange?> FindRestAsync(Guid emulation, Lake lake, CancellationToken cancellationToken) =>
        new EmulationReopening(emulation, lake).FindRestAsync(cancellationToken);

    /// <summary>Delivers rows into a folder that is not a lake: the same tree with its manifest, no claim and no world.</summary>
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
    /// <param name="lake">The lake.</param>
    /// <param name="world">The lake's world.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="LakeException">A claim is missing or damaged.</exception>
    public static async Task<long> FindNextRowAsync(Lake lake, EmulatedWorld world, Domain domain, CancellationToken cancellationToken)
    {
        RangeClaims claims = new(lake, domain.Name);
        await new DeadClaims(lake, claims, world.CreateFactory(domain)).CloseAsync(cancellationToken).ConfigureAwait(false);
        return await claims.FindNextRowAsync(cancellationToken).ConfigureAwait(false);
    }
}
