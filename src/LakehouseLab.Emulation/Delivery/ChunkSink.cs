using System.IO.Hashing;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>Delivers records as chunks: each takes as many records as its limits allow, at least one, and is visible once whole.</summary>
/// <param name="store">Where chunks lie.</param>
/// <param name="manifests">Where they are listed.</param>
/// <param name="manifest">The emulation.</param>
/// <param name="request">How records are put together.</param>
/// <param name="delivered">The chunks that lie there.</param>
/// <param name="clock">Tells when a chunk's interval is over.</param>
internal sealed class ChunkSink(
    IObjectStore store, ManifestStore manifests, Manifest manifest, EmulationRequest request, IReadOnlyList<ChunkInfo> delivered, TimeProvider clock) : IRecordSink
{
    private readonly XxHash128 _hash = new();
    private readonly long? _flushTicks = request.EffectiveFlushInterval is { } interval ? (long)(interval.TotalSeconds * clock.TimestampFrequency) : null;
    private readonly long _maxBytes = request.SyncType == SyncType.Grouped ? long.MaxValue : request.MaxChunkSize;
    private ChunkEncoder? _encoder;
    private ObjectWriter? _writer;
    private long _firstRow;
    private long _openedAt;
    private long _bytes;
    private long _rows;

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
    public long? FlushDue => _encoder is null || _flushTicks is null ? null : _openedAt + _flushTicks;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        while (records.Count > 0)
        {
            if (_encoder is null)
            {
                await OpenAsync(records.FirstRow, cancellationToken).ConfigureAwait(false);
            }

            int fitting = Math.Max(RowsThatFit(records), _rows == 0 ? 1 : 0);
            if (fitting > 0)
            {
                await AppendAsync(_encoder!.Add(records.Take(fitting)), cancellationToken).ConfigureAwait(false);
                _rows += fitting;
                records = records.Skip(fitting);
            }

            if (records.Count > 0 || (request.SyncType == SyncType.Single && _rows > 0))
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the open chunk, if there is one, and makes it visible.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_encoder is null)
        {
            return;
        }

        await AppendAsync(_encoder.Finish(), cancellationToken).ConfigureAwait(false);
        ChunkInfo chunk = new(KeyOf(_firstRow), Chunks, _firstRow, _rows, _bytes, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        if (!await _writer!.TryCompleteAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new LakeException($"{store.Location}/{chunk.Key} was written by another process meanwhile: run the command again, which takes that chunk as it is");
        }

        await CloseAsync().ConfigureAwait(false);
        await manifests.AddPartAsync(manifest.Id, chunk, cancellationToken).ConfigureAwait(false);
        Chunks++;
        NextRow = chunk.EndRow;
        DeliveredRows += chunk.Rows;
        DeliveredBytes += chunk.Bytes;
    }

    /// <summary>Drops the open chunk.</summary>
    public ValueTask DisposeAsync() => CloseAsync();

    private int RowsThatFit(BlockSlice records) => request.SyncType == SyncType.Single
        ? Math.Min(1, records.Count)
        : _encoder!.RowsThatFit(records, _maxBytes - _bytes);

    private string KeyOf(long firstRow) => LakeLayout.Chunk(manifest.Domain, manifest.Id, Chunks, firstRow, manifest.ChunkFormat.Extension);

    private async ValueTask OpenAsync(long firstRow, CancellationToken cancellationToken)
    {
        _writer = await store.CreateAsync(KeyOf(firstRow), cancellationToken).ConfigureAwait(false);
        _encoder = FormatWriters.CreateChunkEncoder(manifest.ChunkFormat, request.Schema, manifest.Labels);
        _firstRow = firstRow;
        _openedAt = clock.GetTimestamp();
        _bytes = 0;
        _rows = 0;
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length > 0)
        {
            await _writer!.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            _hash.Append(bytes.Span);
            _bytes += bytes.Length;
        }
    }

    private async ValueTask CloseAsync()
    {
        _encoder?.Dispose();
        _encoder = null;
        _hash.Reset();
        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
            _writer = null;
        }
    }
}
