namespace LakehouseLab.Formats.Streams;

/// <summary>A stream over another that looks at some bytes before it gives them out. Not thread-safe.</summary>
/// <param name="source">The other one, which it disposes of.</param>
/// <param name="capacity">Bytes that are read ahead at most.</param>
internal abstract class ReadAheadStream(Stream source, int capacity) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>The bytes that were read ahead and not given out.</summary>
    protected ReadOnlySpan<byte> Ahead => _buffer.AsSpan(_start, _end - _start);

    /// <inheritdoc/>
    public sealed override int Read(Span<byte> buffer)
    {
        int ready = Prepare();
        if (ready == 0)
        {
            return Ahead.IsEmpty ? source.Read(buffer) : 0;
        }

        int length = Math.Min(buffer.Length, ready);
        Ahead[..length].CopyTo(buffer);
        _start += length;
        return length;
    }

    /// <summary>Reads ahead as far as is needed and looks at the bytes.</summary>
    /// <returns>How many of <see cref="Ahead"/> may be given out. When that is none, the stream ends if there are any, and otherwise goes on in the source.</returns>
    protected abstract int Prepare();

    /// <summary>Reads more ahead.</summary>
    /// <returns>Whether there was more.</returns>
    protected bool TryReadAhead()
    {
        Ahead.CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int read = source.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
