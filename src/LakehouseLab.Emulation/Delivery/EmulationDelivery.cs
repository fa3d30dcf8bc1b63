using System.Diagnostics;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Emulation.Sinks;
using LakehouseLab.Emulation.Telemetry;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>Runs one emulation: manifest, claim, rows to the sink, and a true manifest at the end. What is refused before its first
/// row leaves nothing behind.</summary>
/// <param name="request">What is to be made.</param>
/// <param name="id">The emulation.</param>
/// <param name="store">Where its manifest is stored.</param>
/// <param name="lake">The lake; null for a folder that is not a lake.</param>
/// <param name="control">What the run is told and whom it tells.</param>
internal sealed class EmulationDelivery(EmulationRequest request, Guid id, IObjectStore store, Lake? lake, EmulationControl control)
{
    /// <summary>How long an interrupted run may take to deliver what it has made.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(5);

    private readonly ManifestStore _manifests = new(store);
    private readonly RangeClaims? _claims = lake is null ? null : new RangeClaims(lake, request.Schema.Name);
    private readonly Tally _tally = new();
    private readonly PaceSchedule _schedule = new(request.Pace, control.Clock);
    private TimeSpan _time;

    /// <summary>Delivers what is not there yet.</summary>
    public async Task<EmulationResult> RunAsync(CancellationToken cancellationToken)
    {
        Manifest manifest = await PlanAsync(cancellationToken).ConfigureAwait(false);
        if (manifest.IsEnded && manifest.Sync == SyncSystem.Kafka)
        {
            return Result(manifest, 0);
        }

        // What was begun goes on as it was begun; only pace, threads and sizes may differ.
        EmulationRequest begun = request with { Format = manifest.ChunkFormat, Delivery = manifest.Delivery ?? request.Delivery };
        using CancellationTokenSource giveUp = new(Timeout.InfiniteTimeSpan, control.Clock);
        using CancellationTokenRegistration interrupted = cancellationToken.Register(() => giveUp.CancelAfter(Grace));
        using Activity? activity = EmulationTelemetry.Begin(id, begun, control.Origin);
        IRecordSink sink = await SinkFactory.OpenAsync(begun, manifest, _manifests, control, cancellationToken).ConfigureAwait(false);
        await using (sink.ConfigureAwait(false))
        {
            if (manifest.IsEnded && sink.NextRow >= manifest.EndRow)
            {
                return Result(manifest, 0);
            }

            // Rows are claimed once the sink takes records: one that refuses or cannot be reached leaves no claim.
            manifest = await ClaimAsync(manifest, cancellationToken).ConfigureAwait(false);
            manifest = await DeliverAsync(begun, manifest, sink, giveUp.Token, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return Result(manifest, sink.DeliveredBytes);
        }
    }

    private async Task<Manifest> DeliverAsync(EmulationRequest begun, Manifest manifest, IRecordSink sink, CancellationToken sinkToken, CancellationToken cancellationToken)
    {
        long rowsBefore = manifest.CountBefore(sink.NextRow);
        PacedDelivery delivery = new(begun, sink, control, _schedule, _tally, () => Report(sink, rowsBefore));
        Manifest current = manifest;
        long row = sink.NextRow;
        try
        {
            while (!delivery.IsOver && row < (request.StopRow ?? long.MaxValue))
            {
                RowRange range = NextRange(current, row);
                if (range.Rows <= 0 && request.Rows is null && _claims is not null)
                {
                    await _claims.ClaimNextAsync(id, Pieces.RowsOf(request.Pace), cancellationToken).ConfigureAwait(false);
                    current = await WithClaimsAsync(current, cancellationToken).ConfigureAwait(false);
                    range = NextRange(current, row);
                }

                if (range.Rows <= 0)
                {
                    break;
                }

                current = Progressed(current, sink, EmulationState.Running);
                await _manifests.PutAsync(current, cancellationToken).ConfigureAwait(false);
                await delivery.RunAsync(range, sinkToken, cancellationToken).ConfigureAwait(false);
                row = sink.NextRow;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to the caller once what was made is in order.
        }

        _time = delivery.Time;
        return await EndAsync(current, sink, isInterrupted: cancellationToken.IsCancellationRequested && !delivery.IsOver, sinkToken).ConfigureAwait(false);
    }

    // What is whole is kept, also when interrupted: the last chunk ends at the last row handed over.
    private async Task<Manifest> EndAsync(Manifest current, IRecordSink sink, bool isInterrupted, CancellationToken sinkToken)
    {
        await sink.FlushAsync(sinkToken).ConfigureAwait(false);
        bool isStopped = request.StopRow is { } stop && stop < request.EndRow && !control.IsEnded;
        Manifest ended = Progressed(current, sink, isInterrupted || (isStopped && sink.NextRow < current.EndRow) ? EmulationState.Interrupted : EmulationState.Completed);
        if (ended.State == EmulationState.Completed)
        {
            ended = ended with { State = control.Cancellation.IsCancellationRequested ? EmulationState.Cancelled : EmulationState.Completed };
            if (_claims is not null)
            {
                await _claims.EndAsync(id, sink.NextRow, sinkToken).ConfigureAwait(false);
            }

            ended = ended with { Ranges = ended.RangesBefore(sink.NextRow) };
        }

        await _manifests.PutAsync(ended, sinkToken).ConfigureAwait(false);
        return ended;
    }

    // What the emulation is, with the rows that it has claimed: none at first. Refuses what is known to be impossible.
    private async Task<Manifest> PlanAsync(CancellationToken cancellationToken)
    {
        Manifest? found = await _manifests.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            RefuseOther(found);
        }

        if (found is { IsEnded: true })
        {
            // Damaged claims are told, also by a command that has nothing left to do.
            _ = _claims is null ? null : await _claims.ReadAsync(cancellationToken).ConfigureAwait(false);
            return found;
        }

        RowLimits.Require(request);
        Manifest manifest = found ?? new Manifest(
            id, request.World.Settings, request.Schema.Name, request.Format.Name, request.Format.CompressionName, request.Labels,
            request.Destination.Sync, [], EmulationState.Running, 0, 0, 0)
        {
            Location = request.Destination.Location,
            Delivery = request.Destination.Sync == SyncSystem.Kafka ? request.Delivery : null,
            Rows = request.Rows,
        };
        if (_claims is null)
        {
            return manifest with { Ranges = [new ManifestRange(request.FirstRow, request.EndRow - request.FirstRow)] };
        }

        manifest = await WithClaimsAsync(manifest, cancellationToken).ConfigureAwait(false);
        if (IsUnclaimed(manifest))
        {
            await _claims.RefuseTakenAsync(FirstClaim, cancellationToken).ConfigureAwait(false);
        }

        return manifest;
    }

    private RangeClaim FirstClaim => new(id, request.FirstRow, request.FirstClaim.Rows);

    private static bool IsUnclaimed(Manifest manifest) => manifest.FirstRow == manifest.EndRow;

    // The manifest comes before its claim and promises nothing yet: whoever finds a claim knows whose it is, also after a kill in between.
    private async Task<Manifest> ClaimAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        if (lake is null || !IsUnclaimed(manifest))
        {
            return manifest;
        }

        await lake.BindAsync(request.World.Settings, cancellationToken).ConfigureAwait(false);
        await _manifests.PutAsync(manifest, cancellationToken).ConfigureAwait(false);
        try
        {
            await _claims!.ClaimAsync(FirstClaim, cancellationToken).ConfigureAwait(false);
        }
        catch (RowsTakenException)
        {
            await _manifests.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
            throw;
        }

        return await WithClaimsAsync(manifest, cancellationToken).ConfigureAwait(false);
    }

    // Without any claim its rows are none, from its first row on.
    private async Task<Manifest> WithClaimsAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        IReadOnlyList<RangeClaim> all = await _claims!.ReadAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ManifestRange> ranges = ManifestRange.Join(all.Where(claim => claim.Emulation == id && claim.Range.Rows > 0).Select(claim => claim.Range));
        return manifest with { Ranges = ranges.Count > 0 ? ranges : [new ManifestRange(request.FirstRow, 0)] };
    }

    // The rest of the range that a row is in, or the next range.
    private RowRange NextRange(Manifest manifest, long row)
    {
        long first = manifest.NextAfter(row);
        ManifestRange? range = manifest.Ranges.FirstOrDefault(range => range.FirstRow <= first && first < range.EndRow);
        return range is null ? default : new RowRange(first, Math.Min(range.EndRow, request.StopRow ?? long.MaxValue));
    }

    private static Manifest Progressed(Manifest current, IRecordSink sink, EmulationState state) => current with
    {
        State = state,
        PlaceId = sink.PlaceId,
        DeliveredRows = current.CountBefore(sink.NextRow),
        DeliveredBytes = sink.EarlierBytes + sink.DeliveredBytes,
        Chunks = sink.Chunks,
    };

    private void Report(IRecordSink sink, long rowsBefore)
    {
        long? reached = _tally.Delivered.At(sink.NextRow);
        control.Progress?.Report(new EmulationProgress(request.Schema, rowsBefore + _tally.Rows, request.Rows, _tally.Rows, sink.DeliveredBytes)
        {
            NextRow = sink.NextRow,
            DeliveredRows = sink.DeliveredRows,
            Chunks = sink.Chunks,
            EventTime = reached,
            Behind = _schedule.Behind,
        });
    }

    private EmulationResult Result(Manifest manifest, long bytes) => new(
        request.Schema, id, manifest.FirstRow, manifest.Ranges.Sum(range => range.Rows), _tally.Rows, bytes, _tally.FraudsByRule, _schedule.Behind) { Time = _time };

    private void RefuseOther(Manifest manifest)
    {
        if (manifest.World != request.World.Settings || manifest.Domain != request.Schema.Name || manifest.Labels != request.Labels
            || manifest.Format != request.Format.Name || manifest.Destination != request.Destination
            || manifest.FirstRow != request.FirstRow || manifest.Rows != request.Rows)
        {
            throw new InvalidRequestException(
                $"emulation {id} makes {(manifest.Rows is { } rows ? $"rows {manifest.FirstRow} to {manifest.FirstRow + rows - 1}" : $"rows from {manifest.FirstRow} on")} of {manifest.Domain} {(manifest.Labels ? "with" : "without")} labels as {manifest.Format} to {manifest.Destination.Name}: it cannot go on as another one, so leave the emulation's id out");
        }
    }
}
