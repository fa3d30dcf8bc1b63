using System.Buffers;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Formats.Lines;

/// <summary>
/// Splits a stream into lines, byte for byte: at line feeds alone, nothing is stripped, and what follows the last one is a line
/// too. Holds one block, or the longest line if that is longer. Not thread-safe.
/// </summary>
/// <param name="stream">The stream, which it disposes of.</param>
/// <param name="place">What the stream reads, as messages name it.</param>
/// <param name="longestLine">Bytes of the longest line that is read.</param>
internal sealed class LineReader(Stream stream, string place, int longestLine = LineReader.LongestLine) : IDisposable
{
    /// <summary>Bytes of the longest line: an array holds twice as many at most, and a Parquet file hardly more in one value.</summary>
    public const int LongestLine = 1 << 30;

    private const int BlockSize = 1 << 20;

    // The whitespace of JSON: what a line of it holds can be no record.
    private static readonly SearchValues<byte> s_whitespace = SearchValues.Create(" \t\r"u8);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
    private int _start;
    private int _end;
    private int _searched;
    private bool _ended;

    /// <summary>Number of the line read last, from 0; -1 before the first.</summary>
    public long Line { get; private set; } = -1;

    /// <summary>Whether the line read last is ended by the stream and not by a line feed.</summary>
    public bool IsUnterminated { get; private set; }

    /// <summary>Reads the next line without its line feed; valid until the next call.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="UnreadableObjectException">The line is longer than a table can hold.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            int found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = _buffer.AsSpan(_start, _searched + found - _start);
                _start = _searched + found + 1;
                _searched = _start;
                Line++;
                return true;
            }

            _searched = _end;
            if (_ended)
            {
                line = _buffer.AsSpan(_start, _end - _start);
                _start = _end;
                Line += line.Length > 0 ? 1 : 0;
                IsUnterminated = true;
                return line.Length > 0;
            }

            Fill();
        }
    }

    /// <summary>Whether a line holds whitespace alone, so that it is not a record.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(s_whitespace) < 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        stream.Dispose();
    }

    private void Fill()
    {
        int kept = _end - _start;
        if (kept > _buffer.Length / 2)
        {
            if (_buffer.Length >= longestLine)
            {
                throw new UnreadableObjectException($"{place}: line {Line + 1} is longer than {longestLine >> 20} MiB, more than a table can hold: break it into lines, or move the file away");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }

        _searched -= _start;
        _start = 0;
        _end = kept;
        int read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _ended = read == 0;
    }
}
