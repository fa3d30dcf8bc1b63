using System.Text;
using LakehouseLab.Audit.Values;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Tables;

/// <summary>Appends a column to the rows' hashes.</summary>
internal readonly struct HashSink(ulong[] hashes, FieldType type) : IValueSink
{
    public void Null(int row) => hashes[row] = ValueHash.Append(hashes[row], ValueHash.Null);

    public void Number(int row, long value) => hashes[row] = ValueHash.Append(hashes[row], ValueHash.Of(value));

    public void Text(int row, ReadOnlySpan<byte> bytes) => hashes[row] = ValueHash.Append(hashes[row], ValueHash.Of(bytes, type));
}

/// <summary>Keeps numbers.</summary>
internal readonly struct NumberSink(long[] values, long absent) : IValueSink
{
    public void Null(int row) => values[row] = absent;

    public void Number(int row, long value) => values[row] = value;

    public void Text(int row, ReadOnlySpan<byte> bytes) => values[row] = absent;
}

/// <summary>Keeps UUIDs and appends them to the rows' hashes; a text that is none becomes 0.</summary>
internal readonly struct UuidSink(ulong[] hashes, ulong[] high, ulong[] low) : IValueSink
{
    public void Null(int row) => Set(row, ValueHash.Null, 0, 0);

    public void Number(int row, long value) => Set(row, ValueHash.Of(value), 0, 0);

    public void Text(int row, ReadOnlySpan<byte> bytes)
    {
        bool isUuid = UuidText.TryParse(bytes, out ulong first, out ulong last);
        Set(row, isUuid ? ValueHash.Of(first, last) : ValueHash.Of(bytes), isUuid ? first : 0, isUuid ? last : 0);
    }

    private void Set(int row, ulong code, ulong first, ulong last)
    {
        hashes[row] = ValueHash.Append(hashes[row], code);
        high[row] = first;
        low[row] = last;
    }
}

/// <summary>Keeps the bytes of some rows; what is absent leaves them as they were.</summary>
internal readonly struct BytesSink(byte[]?[] bytes, bool[] wanted) : IValueSink
{
    public void Null(int row)
    {
        // Another column may have the bytes.
    }

    public void Number(int row, long value)
    {
        // A number has no bytes of its own.
    }

    public void Text(int row, ReadOnlySpan<byte> value)
    {
        if (wanted[row])
        {
            bytes[row] = value.ToArray();
        }
    }
}

/// <summary>Keeps the values of some rows as people read them; null for absent ones.</summary>
internal readonly struct TextSink(string?[] texts, bool[] wanted, TableColumn column) : IValueSink
{
    public void Null(int row) => texts[row] = null;

    public void Number(int row, long value) => texts[row] = wanted[row] ? ValueText.Of(column, value) : null;

    public void Text(int row, ReadOnlySpan<byte> bytes) => texts[row] = wanted[row] ? Encoding.UTF8.GetString(bytes) : null;
}

/// <summary>Tells where a column has a value.</summary>
internal readonly struct PresenceSink(bool[] present) : IValueSink
{
    public void Null(int row)
    {
        // Nothing is there.
    }

    public void Number(int row, long value) => present[row] = true;

    public void Text(int row, ReadOnlySpan<byte> bytes) => present[row] = true;
}
