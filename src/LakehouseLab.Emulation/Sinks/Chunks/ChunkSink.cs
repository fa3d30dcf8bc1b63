using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Sinks.Chunks;

/// <summary>Delivers records as chunks: each takes as many records as its limits allow, at least one, and is visible once whole.</summary>
/// <param name="store">Where chunks are.</param>
/// <param name="manifests">Where they are listed.</param>
/// <param name="manifest">The emulation.</param>
/// <param name="request">How records are put together.</param>
/// <param name="delivered">The chunks that are there.</param>
/// <param name="clock">Tells when a chunk's interval is over.</param>
internal sealed class ChunkSink(
    IObjectStore store, ManifestStore manifests, Manifest manifest, EmulationRequest request, IReadOnlyList<ChunkInfo> delivered, TimeProvider clock) : IRecordSink
{
    private readonly long? _flushTicks = request.EffectiveFlushInterval is { } interval ? (long)(interval.TotalSeconds * clock.TimestampFrequency) : null;
    private readonly long _maxBytes = request.SyncType == SyncType.Grouped ? long.MaxValue : request.MaxChunkSize;
    private OpenChunk? _open;

    // The chunk before the open one while it becomes visible: the last parts of its upload travel while the next one is made.
    private Task<ChunkInfo>? _closing;

    /// <inheritdoc/>
    public string? PlaceId => null;

    /// <inheritdoc/>
    public int Chunks { get; private set; } = delivered.Count;

    /// <inheritdoc/>
    public long NextRow { get; private set; } = delivered.Count == 0 ? manifest.FirstRow : delivered[^1].EndRow;

    /// <inheritdoc/>
    public long DeliveredRows { get; private set; }

    /// <inheritdoc/>
    public long DeliveredBytes { get; private set; }

    /// <inheritdoc/>
    public long EarlierBytes { get; } = delivered.Sum(chunk => chunk.Bytes);

    /// <inheritdoc/>
    public long? FlushDue => _open is null || _flushTicks is null ? null : _open.OpenedAt + _flushTicks;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        while (records.Count > 0)
        {
            _open ??= await OpenAsync(records.FirstRow, cancellationToken).ConfigureAwait(false);
            int fitting = Math.Max(RowsThatFit(_open, records), _open.Rows == 0 ? 1 : 0);
            if (fitting > 0)
            {
                await _open.AddAsync(records.Take(fitting), cancellationToken).ConfigureAwait(false);
                records = records.Skip(fitting);
            }

            if (records.Count > 0 || request.SyncType == SyncType.Single)
            {
                await CloseAsync(_open, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the open chunk, if there is one, and makes all that was delivered visible.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_open is not null)
        {
            await CloseAsync(_open, cancellationToken).ConfigureAwait(false);
        }

        await SettleAsync().ConfigureAwait(false);
    }

    /// <summary>Drops the open chunk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing is not null)
        {
            await ((Task)_closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_open is not null)
        {
            await _open.DisposeAsync().ConfigureAwait(false);
            _open = null;
        }
    }

    private int RowsThatFit(OpenChunk chunk, BlockSlice records) => request.SyncType == SyncType.Single
        ? Math.Min(1, records.Count)
        : chunk.RowsThatFit(records, _maxBytes);

    private async ValueTask<OpenChunk> OpenAsync(long firstRow, CancellationToken cancellationToken)
    {
        int number = Chunks + (_closing is null ? 0 : 1);
        string key = manifest.KeyOf(number, firstRow);
        ObjectWriter writer = await store.CreateAsync(key, cancellationToken).ConfigureAwait(false);
        return new OpenChunk(writer, FormatWriters.CreateChunkEncoder(manifest.ChunkFormat, request.Schema, manifest.Labels), key, number, firstRow, clock.GetTimestamp());
    }

    // A chunk becomes visible only after the one before it, so that what a killed run leaves has no gap.
    private async ValueTask CloseAsync(OpenChunk chunk, CancellationToken cancellationToken)
    {
        await chunk.FinishAsync(cancellationToken).ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
        _open = null;
        _closing = CompleteAsync(chunk, cancellationToken);
    }

    private async Task<ChunkInfo> CompleteAsync(OpenChunk open, CancellationToken cancellationToken)
    {
        await using (open.ConfigureAwait(false))
        {
            ChunkInfo chunk = await open.TryCompleteAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new ChunkTakenException($"{store.Location}/{open.Key} was written by another process meanwhile: run the command again, which takes that chunk as it is");
            await manifests.AddPartAsync(manifest.Id, chunk, cancellationToken).ConfigureAwait(false);
            return chunk;
        }
    }

    private async ValueTask SettleAsync()
    {
        if (_closing is null)
        {
            return;
        }

        ChunkInfo chunk = await _closing.ConfigureAwait(false);
        _closing = null;
        Chunks++;
        NextRow = chunk.EndRow;
        DeliveredRows += chunk.Rows;
        DeliveredBytes += chunk.Bytes;
    }
}
