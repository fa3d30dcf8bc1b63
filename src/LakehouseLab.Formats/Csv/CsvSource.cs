using LakehouseLab.Formats.Lines;

namespace LakehouseLab.Formats.Csv;

/// <summary>
/// Reads records of CSV, which are lines unless quoted fields hold line feeds. Quotes that are never closed would make one
/// record of all that follows; so a text that is none within bounds counts as an unreadable line, and the next line is read
/// for itself. Not thread-safe.
/// </summary>
/// <param name="lines">The lines, disposed of with it.</param>
internal sealed class CsvSource(LineReader lines) : IDisposable
{
    /// <summary>Bytes of the longest record of several lines.</summary>
    private const int LongestJoined = 1 << 20;

    private readonly List<byte> _joined = [];
    private byte[] _backlog = [];
    private int _backlogStart;

    /// <summary>The fields of the record read last.</summary>
    public CsvRecord Record { get; } = new();

    /// <summary>Reads the next record.</summary>
    /// <param name="text">Its text without line end; valid until the next call.</param>
    /// <param name="isReadable">Whether it is a record; otherwise it is one line.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(out ReadOnlySpan<byte> text, out bool isReadable)
    {
        isReadable = false;
        if (!TryReadLine(out text))
        {
            return false;
        }

        Record.Clear();
        CsvVerdict verdict = Record.Split(text);
        if (verdict == CsvVerdict.Open)
        {
            text = Join(text, ref verdict);
        }

        isReadable = verdict == CsvVerdict.Whole;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> first, scoped ref CsvVerdict verdict)
    {
        int length = first.Length;
        _joined.Clear();
        _joined.AddRange(first);
        while (verdict == CsvVerdict.Open && _joined.Count <= LongestJoined && TryReadLine(out ReadOnlySpan<byte> next))
        {
            _joined.Add((byte)'\n');
            _joined.AddRange(next);
            verdict = Record.Split(Joined);
        }

        if (verdict == CsvVerdict.Whole)
        {
            return Joined;
        }

        // The line stands alone, and those that were read beyond it are read again.
        if (_joined.Count > length)
        {
            _backlog = [.. Joined[(length + 1)..], (byte)'\n', .. _backlog.AsSpan(_backlogStart)];
            _backlogStart = 0;
        }

        return Joined[..length];
    }

    private ReadOnlySpan<byte> Joined => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_joined);

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        if (_backlogStart == _backlog.Length)
        {
            bool isThere = lines.TryRead(out line);
            line = lines.Line == 0 ? ByteOrderMark.Strip(line) : line;
            return isThere;
        }

        // Every line of it ends with a line feed.
        line = _backlog.AsSpan(_backlogStart);
        line = line[..line.IndexOf((byte)'\n')];
        _backlogStart += line.Length + 1;
        return true;
    }
}
