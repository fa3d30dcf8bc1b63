using LakehouseLab.Formats.Records;

namespace LakehouseLab.Formats.Streams;

/// <summary>A stream in which the bytes of a chunk gather until they are taken, and which knows how many there were in all. Not thread-safe.</summary>
internal sealed class ReadyBytes : Stream
{
    private readonly ByteBuffer _buffer = new();
    private bool _isTaken;
    private long _position;

    /// <summary>Bytes that are ready and were not taken.</summary>
    public int Waiting => _isTaken ? 0 : _buffer.Length;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _position;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Takes what is ready; valid until the next bytes are written or taken.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        if (_isTaken)
        {
            _buffer.Clear();
        }

        _isTaken = true;
        return _buffer.Written;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isTaken)
        {
            _buffer.Clear();
            _isTaken = false;
        }

        _buffer.Append(buffer);
        _position += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // What is written is ready.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
