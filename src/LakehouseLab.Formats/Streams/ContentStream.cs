using System.IO.Compression;
using LakehouseLab.Formats.Records;
using ZstdSharp;

namespace LakehouseLab.Formats.Streams;

/// <summary>What is in an object, decompressed. An object that was cut off or damaged is an error, never an early end.</summary>
internal sealed class ContentStream : ReadOnlyStream
{
    private readonly CountingStream _object;
    private readonly Stream _content;
    private readonly RecordCompression _compression;
    private readonly string _place;

    /// <summary>Opens the content.</summary>
    /// <param name="stream">The object's bytes, which it disposes of.</param>
    /// <param name="compression">How they are compressed.</param>
    /// <param name="place">The object, as messages name it.</param>
    public ContentStream(Stream stream, RecordCompression compression, string place)
    {
        _compression = compression;
        _place = place;
        _object = new CountingStream(stream);
        _content = compression switch
        {
            RecordCompression.Gzip => new GzipContent(_object),
            RecordCompression.Zstd => new DecompressionStream(_object),
            _ => _object,
        };
    }

    /// <summary>Bytes of the object that were read.</summary>
    public long BytesRead => _object.BytesRead;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = _content.Read(buffer);
            return read > 0 || _compression == RecordCompression.None || _object.BytesRead > 0 ? read : throw new EndOfStreamException("it is empty");
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ZstdException)
        {
            string name = ChunkFormat.CompressionNames[(int)_compression];
            throw new UnreadableObjectException($"{_place} is damaged: it cannot be decompressed as {name} to its end; restore it from a copy, or move it away", exception);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _object.Dispose();
        }

        base.Dispose(disposing);
    }
}
