using System.Diagnostics;
using LakehouseLab.Emulation.Sinks;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation.Telemetry;

/// <summary>Tells what a sink delivers, and how long that takes from when records are handed over.</summary>
/// <param name="sink">The sink.</param>
/// <param name="system">The system that it delivers to.</param>
/// <param name="schema">The domain.</param>
/// <param name="clock">Measures the time.</param>
/// <param name="watch">Tells when it does not answer; null when nobody wants to know.</param>
internal sealed class MeasuredSink(IRecordSink sink, string system, DomainSchema schema, TimeProvider clock, AnswerWatch? watch) : IRecordSink
{
    private readonly TagList _tags = new() { { "sync", system }, { "domain", schema.Name } };
    private long _rows = sink.DeliveredRows;
    private long _bytes = sink.DeliveredBytes;
    private long? _handedOver;

    /// <inheritdoc/>
    public long DeliveredRows => sink.DeliveredRows;

    /// <inheritdoc/>
    public long DeliveredBytes => sink.DeliveredBytes;

    /// <inheritdoc/>
    public long EarlierBytes => sink.EarlierBytes;

    /// <inheritdoc/>
    public int Chunks => sink.Chunks;

    /// <inheritdoc/>
    public long NextRow => sink.NextRow;

    /// <inheritdoc/>
    public string? PlaceId => sink.PlaceId;

    /// <inheritdoc/>
    public long? FlushDue => sink.FlushDue;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        _handedOver ??= clock.GetTimestamp();
        watch?.Begin();
        try
        {
            await sink.WriteAsync(records, cancellationToken).ConfigureAwait(false);
            watch?.End();
            Count();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            EmulationTelemetry.Errors.Add(1, _tags);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        watch?.Begin();
        try
        {
            await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            watch?.End();
            Count();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            EmulationTelemetry.Errors.Add(1, _tags);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        watch?.Dispose();
        return sink.DisposeAsync();
    }

    private void Count()
    {
        long rows = sink.DeliveredRows - _rows;
        if (rows == 0)
        {
            return;
        }

        EmulationTelemetry.Rows.Add(rows, _tags);
        EmulationTelemetry.Bytes.Add(sink.DeliveredBytes - _bytes, _tags);
        _rows = sink.DeliveredRows;
        _bytes = sink.DeliveredBytes;
        if (_handedOver is { } began)
        {
            // Of the oldest record among them: what waited longest.
            EmulationTelemetry.Latency.Record(clock.GetElapsedTime(began).TotalSeconds, _tags);
            _handedOver = null;
        }
    }
}
