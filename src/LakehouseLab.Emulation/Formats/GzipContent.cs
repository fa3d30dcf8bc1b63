using System.IO.Compression;

namespace LakehouseLab.Emulation.Formats;

/// <summary>
/// What is in a gzip file. The framework's reader takes the end of a file that was cut off for the end of its content. So a
/// file of a few bytes of our own follows what is read, as gzip allows: only if they come out at the end was all before them whole.
/// </summary>
internal sealed class GzipContent : ReadOnlyStream
{
    private static readonly byte[] s_seal = [.. "LakehouseLab: whole"u8];
    private static readonly byte[] s_sealed = Seal();

    private readonly GZipStream _gzip;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Opens a file.</summary>
    /// <param name="stream">The file, which it disposes of.</param>
    public GzipContent(Stream stream)
    {
        _gzip = new GZipStream(new SealedStream(stream), CompressionMode.Decompress);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        // The last bytes are kept back, since they may be the seal.
        while (!_ended && _end - _start <= s_seal.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            int read = _gzip.Read(_buffer.AsSpan(_end));
            _end += read;
            _ended = read == 0;
        }

        if (_ended && !_buffer.AsSpan(_start, _end - _start).EndsWith(s_seal))
        {
            throw new EndOfStreamException("the file ends early or goes on after its end");
        }

        int length = Math.Min(buffer.Length, _end - _start - s_seal.Length);
        _buffer.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Seal()
    {
        using MemoryStream file = new();
        using (GZipStream gzip = new(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(s_seal);
        }

        return file.ToArray();
    }

    private sealed class SealedStream(Stream stream) : ReadOnlyStream
    {
        private int _sealRead = -1;

        public override int Read(Span<byte> buffer)
        {
            if (_sealRead < 0)
            {
                int read = stream.Read(buffer);
                if (read > 0 || buffer.Length == 0)
                {
                    return read;
                }

                _sealRead = 0;
            }

            int length = Math.Min(buffer.Length, s_sealed.Length - _sealRead);
            s_sealed.AsSpan(_sealRead, length).CopyTo(buffer);
            _sealRead += length;
            return length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                stream.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
