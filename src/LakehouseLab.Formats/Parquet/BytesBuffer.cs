using ParquetSharp;

namespace LakehouseLab.Formats.Parquet;

/// <summary>Values of a binary or text column, gathered for one row group: no allocation per value. Not thread-safe.</summary>
/// <param name="optional">Whether values may be absent.</param>
public sealed class BytesBuffer(bool optional)
{
    // Pinned, so that the native writer reads the bytes where they are.
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(1 << 16, pinned: true);
    private int _length;
    private (int Start, int Length)[] _values = new (int, int)[1024];
    private short[] _definitions = new short[1024];
    private ByteArray[] _pointers = [];
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
    public void AddAgain()
    {
        (int start, int length) = _values[_present - 1];
        Append(start, length);
    }

    /// <summary>Appends an absent value.</summary>
    public void AddAbsent() => AbsentUntil(Count + 1);

    /// <summary>Appends absent values until there are so many values in all.</summary>
    public void AbsentUntil(int count)
    {
        if (count > _definitions.Length)
        {
            Array.Resize(ref _definitions, Math.Max(count, _definitions.Length * 2));
        }

        // Levels beyond the count are 0, which is absent.
        Count = Math.Max(Count, count);
    }

    /// <summary>Writes the values as the next column of a row group.</summary>
    public unsafe void Write(RowGroupWriter group)
    {
        fixed (byte* bytes = _bytes)
        {
            if (_pointers.Length < _present)
            {
                _pointers = new ByteArray[_values.Length];
            }

            for (int i = 0; i < _present; i++)
            {
                _pointers[i] = new ByteArray((nint)bytes + _values[i].Start, _values[i].Length);
            }

            using ColumnWriter<ByteArray> writer = (ColumnWriter<ByteArray>)group.NextColumn();
            writer.WriteBatch(Count, optional ? _definitions.AsSpan(0, Count) : [], [], _pointers.AsSpan(0, _present));
        }
    }

    /// <summary>Empties it; what was gathered stays the buffer's memory.</summary>
    public void Clear()
    {
        _definitions.AsSpan(0, Count).Clear();
        _length = 0;
        _present = 0;
        Count = 0;
    }

    private void Append(int start, int length)
    {
        if (_present == _values.Length)
        {
            Array.Resize(ref _values, _values.Length * 2);
        }

        _values[_present++] = (start, length);
        AbsentUntil(Count + 1);
        _definitions[Count - 1] = 1;
    }
}
