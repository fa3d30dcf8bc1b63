namespace LakehouseLab.Formats.Records;

/// <summary>Bytes that grow at the end; kept and filled again. Not thread-safe.</summary>
public sealed class ByteBuffer
{
    private byte[] _bytes = new byte[1 << 16];

    /// <summary>How many bytes it holds.</summary>
    public int Length { get; internal set; }

    /// <summary>What it holds.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Replaces the first byte that it holds.</summary>
    internal byte First
    {
        set => _bytes[0] = value;
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Length = 0;

    /// <summary>Appends bytes.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Room for some more bytes behind those that it holds; they count once <see cref="Length"/> has grown.</summary>
    internal Span<byte> Reserve(int more)
    {
        if (_bytes.Length - Length < more)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
        }

        return _bytes.AsSpan(Length);
    }
}
