using System.IO.Hashing;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;

namespace LakehouseLab.Audit.Raw;

/// <summary>
/// Compares chunks byte for byte with the world while its rows are made in order. A chunk that differs anywhere is only
/// remembered: <see cref="RawExamination"/> tells what became of its records. Not thread-safe.
/// </summary>
internal sealed class RawComparison(IObjectStore store, Tally tally) : IRowObserver, IAsyncDisposable
{
    private readonly XxHash128 _hash = new();
    private byte[] _buffer = new byte[1 << 20];
    private DeliveredRange? _range;
    private int _chunk;
    private Stream? _stream;
    private bool _differs;

    /// <summary>The chunks that are not what they should be.</summary>
    public List<(DeliveredRange Range, ChunkInfo Chunk)> Different { get; } = [];

    /// <inheritdoc/>
    public bool NeedsLines => true;

    /// <inheritdoc/>
    public async ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        if (range != _range)
        {
            _range = range;
            _chunk = 0;
        }

        while (count > 0 && _chunk < range.Chunks.Count)
        {
            ChunkInfo chunk = range.Chunks[_chunk];
            long row = block.Batch.FirstRow + first;
            int rows = (int)Math.Min(count, chunk.EndRow - row);
            if (row == chunk.FirstRow)
            {
                await OpenAsync(chunk, cancellationToken).ConfigureAwait(false);
            }

            Compare(block.Lines[block.Span(first, rows)]);
            if (row + rows == chunk.EndRow)
            {
                await CloseAsync(range, chunk).ConfigureAwait(false);
                _chunk++;
            }

            first += rows;
            count -= rows;
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        // The last chunk was closed with its last row.
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task OpenAsync(ChunkInfo chunk, CancellationToken cancellationToken)
    {
        _differs = false;
        _hash.Reset();
        ObjectInfo? found = await store.FindAsync(chunk.Key, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            tally.Damage($"{chunk.Key} is missing though the manifest lists it");
            _differs = true;
            return;
        }

        _stream = await store.OpenReadAsync(chunk.Key, 0, cancellationToken).ConfigureAwait(false);
    }

    private void Compare(ReadOnlySpan<byte> expected)
    {
        if (_stream is null)
        {
            return;
        }

        if (_buffer.Length < expected.Length)
        {
            _buffer = new byte[expected.Length * 2];
        }

        Span<byte> found = _buffer.AsSpan(0, expected.Length);
        int length = _stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        _hash.Append(found[..length]);
        _differs |= !expected.SequenceEqual(found[..length]);
    }

    private async Task CloseAsync(DeliveredRange range, ChunkInfo chunk)
    {
        if (_stream is not null)
        {
            for (int read; (read = await _stream.ReadAsync(_buffer).ConfigureAwait(false)) > 0;)
            {
                _hash.Append(_buffer.AsSpan(0, read));
                _differs = true;
            }

            await _stream.DisposeAsync().ConfigureAwait(false);
            _stream = null;
            if (Convert.ToHexStringLower(_hash.GetHashAndReset()) != chunk.Checksum)
            {
                tally.Damage($"{chunk.Key} does not have the checksum that its manifest lists");
            }
        }

        if (_differs)
        {
            Different.Add((range, chunk));
        }
        else
        {
            tally.Find(range.Index, chunk.Rows);
        }
    }
}
