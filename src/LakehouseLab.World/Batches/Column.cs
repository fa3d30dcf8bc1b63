using LakehouseLab.World.Schemas;

namespace LakehouseLab.World.Batches;

/// <summary>One field's values for the rows of a <see cref="RecordBatch"/>. Not thread-safe.</summary>
public abstract class Column
{
    private protected Column(Field field, int capacity)
    {
        Field = field;
        Nulls = field.Nullable ? new bool[capacity] : null;
    }

    /// <summary>The field that the values are of.</summary>
    public Field Field { get; }

    /// <summary>Per row, whether the value is absent; null when the field is never absent. The value of an absent row is undefined.</summary>
    public bool[]? Nulls { get; }

    /// <summary>Whether a row's value is absent.</summary>
    public bool IsNull(int row) => Nulls is not null && Nulls[row];
}

/// <summary>Integers.</summary>
public sealed class Int64Column(Field field, int capacity) : Column(field, capacity)
{
    /// <summary>The value of each row.</summary>
    public long[] Values { get; } = new long[capacity];
}

/// <summary>Decimals: a row's value is <c>Units ÷ 10^Decimals</c> and is written with exactly that many decimals.</summary>
public sealed class DecimalColumn(Field field, int capacity) : Column(field, capacity)
{
    /// <summary>The value in units of its last decimal.</summary>
    public long[] Units { get; } = new long[capacity];

    /// <summary>How many decimals the value has; at most the field's scale.</summary>
    public byte[] Decimals { get; } = new byte[capacity];
}

/// <summary>UUIDs, the most significant 64 bits first.</summary>
public sealed class UuidColumn(Field field, int capacity) : Column(field, capacity)
{
    /// <summary>The first 64 bits (time_low to version) of each row's id.</summary>
    public ulong[] High { get; } = new ulong[capacity];

    /// <summary>The last 64 bits (variant to node) of each row's id.</summary>
    public ulong[] Low { get; } = new ulong[capacity];
}

/// <summary>Booleans.</summary>
public sealed class BooleanColumn(Field field, int capacity) : Column(field, capacity)
{
    /// <summary>The value of each row.</summary>
    public bool[] Values { get; } = new bool[capacity];
}

/// <summary>Instants in milliseconds since 1970-01-01T00:00:00Z.</summary>
public sealed class TimestampColumn(Field field, int capacity) : Column(field, capacity)
{
    /// <summary>The value of each row.</summary>
    public long[] Milliseconds { get; } = new long[capacity];
}

/// <summary>Dates in days since 1970-01-01.</summary>
public sealed class DateColumn(Field field, int capacity) : Column(field, capacity)
{
    /// <summary>The value of each row.</summary>
    public int[] Days { get; } = new int[capacity];
}

/// <summary>UTF-8 text.</summary>
public abstract class TextColumn : Column
{
    private protected TextColumn(Field field, int capacity)
        : base(field, capacity)
    {
    }

    /// <summary>A row's text; valid until the batch is filled again.</summary>
    public abstract ReadOnlySpan<byte> GetUtf8(int row);
}

/// <summary>Text that repeats: rows refer to entries of a dictionary that outlives the batch.</summary>
public sealed class DictionaryColumn(Field field, int capacity, Utf8Dictionary dictionary) : TextColumn(field, capacity)
{
    /// <summary>The entry of each row.</summary>
    public int[] Indices { get; } = new int[capacity];

    /// <summary>The entries. They may grow while batches are filled, and never change.</summary>
    public Utf8Dictionary Dictionary { get; } = dictionary;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetUtf8(int row) => Dictionary.Get(Indices[row]);
}

/// <summary>Text that hardly repeats: the rows' bytes one after the other.</summary>
public sealed class Utf8Column(Field field, int capacity) : TextColumn(field, capacity)
{
    private readonly int[] _offsets = new int[capacity + 1];
    private byte[] _bytes = new byte[capacity * 32];

    /// <summary>Bytes of the longest text since row 0 was written.</summary>
    public int LongestText { get; private set; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetUtf8(int row) => _bytes.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row]);

    /// <summary>Space for a row's text. Rows are written in order from 0.</summary>
    /// <param name="row">The row.</param>
    /// <param name="sizeHint">Bytes that the text takes at most.</param>
    public Span<byte> Reserve(int row, int sizeHint)
    {
        int start = _offsets[row];
        if (_bytes.Length - start < sizeHint)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, start + sizeHint));
        }

        return _bytes.AsSpan(start);
    }

    /// <summary>Ends a row's text.</summary>
    /// <param name="row">The row.</param>
    /// <param name="length">Bytes written to the span of <see cref="Reserve"/>.</param>
    public void Advance(int row, int length)
    {
        _offsets[row + 1] = _offsets[row] + length;
        LongestText = row == 0 ? length : Math.Max(LongestText, length);
    }
}
