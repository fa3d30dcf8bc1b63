using System.IO.Hashing;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Sinks.Chunks;

/// <summary>A chunk that is being made: nobody sees it until it is completed.</summary>
/// <param name="writer">Its object.</param>
/// <param name="encoder">Its encoder.</param>
/// <param name="key">Its key.</param>
/// <param name="number">Its number in the emulation.</param>
/// <param name="firstRow">Its first row.</param>
/// <param name="openedAt">When it was begun, as the clock's timestamp.</param>
internal sealed class OpenChunk(ObjectWriter writer, ChunkEncoder encoder, string key, int number, long firstRow, long openedAt) : IAsyncDisposable
{
    private readonly XxHash128 _hash = new();

    /// <summary>Its key.</summary>
    public string Key => key;

    /// <summary>When it was begun, as the clock's timestamp.</summary>
    public long OpenedAt => openedAt;

    /// <summary>How many rows it has.</summary>
    public long Rows { get; private set; }

    /// <summary>How many bytes it has so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many rows of some fit into so many bytes.</summary>
    public int RowsThatFit(BlockSlice records, long maxBytes) => encoder.RowsThatFit(records, maxBytes - Bytes);

    /// <summary>Appends rows.</summary>
    public async ValueTask AddAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        await AppendAsync(encoder.Add(records), cancellationToken).ConfigureAwait(false);
        Rows += records.Count;
    }

    /// <summary>Appends what ends it; no rows come after that.</summary>
    public ValueTask FinishAsync(CancellationToken cancellationToken) => AppendAsync(encoder.Finish(), cancellationToken);

    /// <summary>Makes it visible.</summary>
    /// <returns>The chunk; null when another process has written it meanwhile.</returns>
    public async Task<ChunkInfo?> TryCompleteAsync(CancellationToken cancellationToken) =>
        await writer.TryCompleteAsync(cancellationToken).ConfigureAwait(false)
            ? new ChunkInfo(key, number, firstRow, Rows, Bytes, Convert.ToHexStringLower(_hash.GetCurrentHash()))
            : null;

    /// <summary>Drops it unless it is visible.</summary>
    public ValueTask DisposeAsync()
    {
        encoder.Dispose();
        return writer.DisposeAsync();
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length > 0)
        {
            await writer.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            _hash.Append(bytes.Span);
            Bytes += bytes.Length;
        }
    }
}
