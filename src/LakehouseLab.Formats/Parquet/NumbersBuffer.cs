using ParquetSharp;

namespace LakehouseLab.Formats.Parquet;

/// <summary>Values of a column of numbers that may be absent, gathered for one row group. Not thread-safe.</summary>
public sealed class NumbersBuffer
{
    private long[] _values = new long[1024];
    private short[] _definitions = new short[1024];
    private int _count;
    private int _present;

    /// <summary>The values that are there.</summary>
    public ReadOnlySpan<long> Present => _values.AsSpan(0, _present);

    /// <summary>Appends a value.</summary>
    public void Add(long value)
    {
        Grow();
        _values[_present++] = value;
        _definitions[_count++] = 1;
    }

    /// <summary>Appends an absent value.</summary>
    public void AddAbsent()
    {
        Grow();
        _definitions[_count++] = 0;
    }

    /// <summary>Writes the values as the next column of a row group, of its physical type.</summary>
    public void Write(RowGroupWriter group)
    {
        using ColumnWriter writer = group.NextColumn();
        ReadOnlySpan<short> definitions = _definitions.AsSpan(0, _count);
        ReadOnlySpan<long> values = _values.AsSpan(0, _present);
        switch (writer)
        {
            case ColumnWriter<long> longs:
                longs.WriteBatch(_count, definitions, [], values);
                break;
            case ColumnWriter<int> integers:
                integers.WriteBatch(_count, definitions, [], Convert(values, static value => (int)value));
                break;
            case ColumnWriter<bool> booleans:
                booleans.WriteBatch(_count, definitions, [], Convert(values, static value => value != 0));
                break;
            default:
                throw new InvalidOperationException($"numbers cannot be written to a column of {writer.ElementType}");
        }
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _count = 0;
        _present = 0;
    }

    private static T[] Convert<T>(ReadOnlySpan<long> values, Func<long, T> convert)
    {
        T[] converted = new T[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            converted[i] = convert(values[i]);
        }

        return converted;
    }

    private void Grow()
    {
        if (_count == _definitions.Length)
        {
            Array.Resize(ref _definitions, _count * 2);
            Array.Resize(ref _values, _count * 2);
        }
    }
}
