using System.IO.Compression;
using LakehouseLab.Formats.Records;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LakehouseLab.Formats.Streams;

/// <summary>Compresses the chunk that another encoder makes, as one stream. Not thread-safe.</summary>
internal sealed class CompressedChunkEncoder : ChunkEncoder
{
    // What the compressors keep to themselves at most: a block of 128 KiB and as much of output.
    private const long Held = 320 << 10;

    // Headers and trailers of both formats, and the worst case of bytes that cannot be compressed.
    private const long Frame = 256;
    private const long Incompressible = 1000;
    private const int ZstdLevel = 1;

    private readonly ChunkEncoder _content;
    private readonly ReadyBytes _ready = new();
    private readonly Stream _compressor;
    private long _contentBytes;

    /// <summary>Begins a chunk.</summary>
    /// <param name="content">Makes what is compressed.</param>
    /// <param name="compression">How.</param>
    public CompressedChunkEncoder(ChunkEncoder content, RecordCompression compression)
    {
        _content = content;
        _compressor = compression switch
        {
            RecordCompression.Gzip => new GZipStream(_ready, CompressionLevel.Fastest, leaveOpen: true),
            RecordCompression.Zstd => CreateZstd(_ready),
            _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "there is no compressor for this"),
        };
    }

    /// <summary>Counts what is not out yet as if it could not be compressed any further, so that a chunk never grows beyond its room.</summary>
    public override int RowsThatFit(BlockSlice slice, long room)
    {
        long pending = Math.Min(Held, _contentBytes + (_contentBytes / Incompressible) - _ready.Position);
        return _content.RowsThatFit(slice, Math.Max(0, room == long.MaxValue ? room : room - Frame - (room / Incompressible) - Math.Max(0, pending)));
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Add(BlockSlice slice)
    {
        Compress(_content.Add(slice));
        return _ready.Take();
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Finish()
    {
        Compress(_content.Finish());
        _compressor.Dispose();
        return _ready.Take();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _compressor.Dispose();
            _content.Dispose();
        }

        base.Dispose(disposing);
    }

    // With a checksum, as gzip has one: a bit that flips is then no other record.
    private static CompressionStream CreateZstd(Stream to)
    {
        CompressionStream stream = new(to, ZstdLevel, leaveOpen: true);
        stream.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return stream;
    }

    private void Compress(ReadOnlyMemory<byte> bytes)
    {
        _compressor.Write(bytes.Span);
        _contentBytes += bytes.Length;
    }
}
