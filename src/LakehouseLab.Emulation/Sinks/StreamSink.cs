using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Sinks;

/// <summary>Writes records to a stream as one chunk without end.</summary>
internal sealed class StreamSink(EmulationRequest request, Stream output, TimeProvider clock) : IRecordSink
{
    private readonly ChunkEncoder _encoder = FormatWriters.CreateChunkEncoder(request.Format, request.Schema, request.Labels);
    private long? _writtenAt;

    /// <inheritdoc/>
    public long DeliveredRows { get; private set; }

    /// <inheritdoc/>
    public long DeliveredBytes { get; private set; }

    /// <inheritdoc/>
    public long EarlierBytes => 0;

    /// <inheritdoc/>
    public string? PlaceId => null;

    /// <inheritdoc/>
    public int Chunks => 0;

    /// <inheritdoc/>
    public long NextRow { get; private set; } = request.FirstRow;

    /// <inheritdoc/>
    public long? FlushDue => request.EffectiveFlushInterval is null ? null : _writtenAt;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        await PutAsync(_encoder.Add(records), cancellationToken).ConfigureAwait(false);
        NextRow = records.FirstRow + records.Count;
        DeliveredRows += records.Count;
        _writtenAt ??= clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        _writtenAt = null;
    }

    /// <summary>Writes what ends the chunk.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await PutAsync(_encoder.Finish(), cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _encoder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        DeliveredBytes += bytes.Length;
    }
}
