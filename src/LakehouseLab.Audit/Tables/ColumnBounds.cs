using System.Buffers.Binary;
using ParquetSharp;

namespace LakehouseLab.Audit.Tables;

/// <summary>The least and the greatest value of a column as it is stored, and its nulls. Not thread-safe.</summary>
/// <param name="bounds">Whether bounds are wanted, and not only how many values there are: texts take time to compare.</param>
internal sealed class ColumnBounds(bool bounds = true)
{
    private const int SeenTexts = 256;

    private ulong _minPrefix = ulong.MaxValue;
    private ulong _maxPrefix;

    /// <summary>Values that are there.</summary>
    public long Values { get; private set; }

    /// <summary>Values that are absent.</summary>
    public long Nulls { get; private set; }

    /// <summary>The least number.</summary>
    public long Min { get; private set; } = long.MaxValue;

    /// <summary>The greatest number.</summary>
    public long Max { get; private set; } = long.MinValue;

    /// <summary>The least text in order of its bytes; null in a column without texts.</summary>
    public byte[]? MinText { get; private set; }

    /// <summary>The greatest text in order of its bytes; null in a column without texts.</summary>
    public byte[]? MaxText { get; private set; }

    /// <summary>Adds absent values.</summary>
    public void AddNulls(long count) => Nulls += count;

    /// <summary>Adds numbers by their bounds.</summary>
    public void Add(long min, long max, int count)
    {
        Values += count;
        Min = Math.Min(Min, min);
        Max = Math.Max(Max, max);
    }

    /// <summary>Adds texts.</summary>
    public unsafe void Add(ReadOnlySpan<ByteArray> texts)
    {
        Values += texts.Length;
        if (!bounds)
        {
            return;
        }

        // A value of a dictionary is the same bytes each time, and mostly it repeats: while these texts are there, their place tells them.
        Span<ByteArray> seen = stackalloc ByteArray[SeenTexts];
        seen.Clear();
        foreach (ref readonly ByteArray text in texts)
        {
            ref ByteArray known = ref seen[(int)((text.Pointer ^ (text.Pointer >> 8)) & (SeenTexts - 1))];
            if (text.Pointer == known.Pointer && text.Length == known.Length && text.Pointer != 0)
            {
                continue;
            }

            known = text;
            ReadOnlySpan<byte> bytes = new((byte*)text.Pointer, text.Length);
            ulong prefix = PrefixOf(bytes);
            if (prefix <= _minPrefix && (MinText is null || bytes.SequenceCompareTo(MinText) < 0))
            {
                (MinText, _minPrefix) = (bytes.ToArray(), prefix);
            }

            if (prefix >= _maxPrefix && (MaxText is null || bytes.SequenceCompareTo(MaxText) > 0))
            {
                (MaxText, _maxPrefix) = (bytes.ToArray(), prefix);
            }
        }
    }

    /// <summary>Adds what another part of the column holds.</summary>
    public void Add(ColumnBounds other)
    {
        Values += other.Values;
        Nulls += other.Nulls;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        if (other.MinText is { } min && (MinText is null || min.AsSpan().SequenceCompareTo(MinText) < 0))
        {
            (MinText, _minPrefix) = (min, PrefixOf(min));
        }

        if (other.MaxText is { } max && (MaxText is null || max.AsSpan().SequenceCompareTo(MaxText) > 0))
        {
            (MaxText, _maxPrefix) = (max, PrefixOf(max));
        }
    }

    // Eight bytes in the order of texts: most comparisons end with them. Shorter texts are filled up with zeros, so equal prefixes say nothing.
    private static ulong PrefixOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(text);
        }

        ulong prefix = 0;
        for (int i = 0; i < text.Length; i++)
        {
            prefix |= (ulong)text[i] << (56 - (8 * i));
        }

        return prefix;
    }
}
