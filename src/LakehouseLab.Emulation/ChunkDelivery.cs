using System.IO.Hashing;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;

namespace LakehouseLab.Emulation;

/// <summary>Delivers records as chunks: each takes as many records as its size allows, at least one, and is visible once whole.</summary>
internal sealed class ChunkDelivery(IObjectStore store, ManifestStore manifests, Manifest manifest, long maxChunkSize, int nextChunk, long nextRow)
    : IAsyncDisposable
{
    private readonly XxHash128 _hash = new();
    private ObjectWriter? _writer;
    private long _bytes;
    private long _rows;

    /// <summary>The next chunk's number.</summary>
    public int NextChunk { get; private set; } = nextChunk;

    /// <summary>The row after the last visible one.</summary>
    public long NextRow { get; private set; } = nextRow;

    /// <summary>Bytes of the chunks that became visible.</summary>
    public long DeliveredBytes { get; private set; }

    /// <summary>Appends whole records.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> records, int rows, CancellationToken cancellationToken)
    {
        while (records.Length > maxChunkSize - _bytes)
        {
            int length = LengthThatFits(records.Span, maxChunkSize - _bytes, atLeastOne: _bytes == 0);
            int fitting = records.Span[..length].Count((byte)'\n');
            await AppendAsync(records[..length], fitting, cancellationToken).ConfigureAwait(false);
            await CloseAsync(cancellationToken).ConfigureAwait(false);
            records = records[length..];
            rows -= fitting;
        }

        if (rows > 0)
        {
            await AppendAsync(records, rows, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the open chunk, if there is one, and makes it visible.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (_writer is null)
        {
            return;
        }

        ChunkInfo chunk = new(
            LakeLayout.Chunk(manifest.Domain, manifest.Id, NextChunk, NextRow, manifest.Format),
            NextChunk, NextRow, _rows, _bytes, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        if (!await _writer.TryCompleteAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new LakeException($"{store.Location}/{chunk.Key} was written by another process meanwhile: run the command again, which takes that chunk as it is");
        }

        await _writer.DisposeAsync().ConfigureAwait(false);
        _writer = null;
        await manifests.AddPartAsync(manifest.Id, chunk, cancellationToken).ConfigureAwait(false);
        NextChunk++;
        NextRow = chunk.EndRow;
        DeliveredBytes += _bytes;
        _bytes = 0;
        _rows = 0;
    }

    /// <summary>Drops the open chunk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static int LengthThatFits(ReadOnlySpan<byte> records, long room, bool atLeastOne)
    {
        int last = room <= 0 ? -1 : records[..(int)Math.Min(room, records.Length)].LastIndexOf((byte)'\n');
        return last < 0 && atLeastOne ? records.IndexOf((byte)'\n') + 1 : last + 1;
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> records, int rows, CancellationToken cancellationToken)
    {
        if (rows == 0)
        {
            return;
        }

        _writer ??= await store.CreateAsync(
            LakeLayout.Chunk(manifest.Domain, manifest.Id, NextChunk, NextRow, manifest.Format), cancellationToken).ConfigureAwait(false);
        await _writer.WriteAsync(records, cancellationToken).ConfigureAwait(false);
        _hash.Append(records.Span);
        _bytes += records.Length;
        _rows += rows;
    }
}
