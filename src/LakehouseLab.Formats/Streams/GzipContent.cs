using System.IO.Compression;

namespace LakehouseLab.Formats.Streams;

/// <summary>
/// What is in a gzip file. The framework's reader takes the end of a file that was cut off for the end of its content. So a
/// file of a few bytes of our own follows what is read, as gzip allows: only if they come out at the end was all before them whole.
/// </summary>
/// <param name="stream">The file, which it disposes of.</param>
internal sealed class GzipContent(Stream stream)
    : ReadAheadStream(new GZipStream(new SealedStream(stream), CompressionMode.Decompress), GzipContent.BlockSize)
{
    private const int BlockSize = 1 << 16;

    private static readonly byte[] s_seal = [.. "LakehouseLab: whole"u8];
    private static readonly byte[] s_sealed = Seal();

    private bool _ended;

    /// <summary>The last bytes are kept back, since they may be the seal.</summary>
    protected override int Prepare()
    {
        while (!_ended && Ahead.Length <= s_seal.Length)
        {
            _ended = !TryReadAhead();
        }

        return !_ended || Ahead.EndsWith(s_seal) ? Ahead.Length - s_seal.Length : throw new EndOfStreamException("the file ends early or goes on after its end");
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
