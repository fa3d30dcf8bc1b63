using ParquetSharp;

namespace LakehouseLab.Pipeline.Parquet;

/// <summary>Values of a binary or text column, gathered for one row group: no allocation per value. Not thread-safe.</summary>
/// <param name="optional">Whether values may be absent.</param>
internal sealed class BytesBuffer(bool optional)
{
    // Pinned, so that the native writer reads the bytes where they lie.
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(1 << 16, pinned: true);
    private int _length;
    private int[] _starts = new int[1024];
    private int[] _lengths = new int[1024];
    private short[] _definitions = new short[1024];
    private ByteArray[] _values = new ByteArray[1024];
    private int _present;

    /// <summary>How many values there are, absent ones among them.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the values.</summary>
    public int Length => _length;

    /// <summary>Appends a value.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Advance(value.Length);
    }

    /// <summary>Space for a value.</summary>
    /// <param name="sizeHint">Bytes that it takes at most.</param>
    public Span<byte> Reserve(int sizeHint)
    {
        if (_bytes.Length - _length < sizeHint)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)_length + sizeHint)), pinned: true);
            _bytes.AsSpan(0, _length).CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }

    /// <summary>Ends a value.</summary>
    /// <param name="length">Bytes written to the span of <see cref="Reserve"/>.</param>
    public void Advance(int length)
    {
        Append(_length, length);
        _length += length;
    }

    /// <summary>Appends the value before once more.</summary>
    public void AddAgain() => Append(_starts[_present - 1], _lengths[_present - 1]);

    /// <summary>Appends an absent value.</summary>
    public void AddAbsent()
    {
        Grow(ref _definitions, Count);
        _definitions[Count++] = 0;
    }

    /// <summary>Writes the values as the next column of a row group.</summary>
    public unsafe void Write(RowGroupWriter group)
    {
        fixed (byte* bytes = _bytes)
        {
            for (int i = 0; i < _present; i++)
            {
                _values[i] = new ByteArray((nint)bytes + _starts[i], _lengths[i]);
            }

            using ColumnWriter<ByteArray> writer = (ColumnWriter<ByteArray>)group.NextColumn();
            writer.WriteBatch(Count, optional ? _definitions.AsSpan(0, Count) : [], [], _values.AsSpan(0, _present));
        }
    }

    /// <summary>Empties it; what was gathered stays the buffer's memory.</summary>
    public void Clear()
    {
        _length = 0;
        _present = 0;
        Count = 0;
    }

    private void Append(int start, int length)
    {
        Grow(ref _starts, _present);
        Grow(ref _lengths, _present);
        Grow(ref _values, _present);
        Grow(ref _definitions, Count);
        _starts[_present] = start;
        _lengths[_present++] = length;
        _definitions[Count++] = 1;
    }

    private static void Grow<T>(ref T[] array, int index)
    {
        if (index == array.Length)
        {
            Array.Resize(ref array, array.Length * 2);
        }
    }
}
