using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Gold;

/// <summary>Some rows of a table that is made from many records: month, and hashes of key and values. Used again and again; not thread-safe.</summary>
/// <param name="table">The table.</param>
/// <param name="sample">Of whom all values are compared, where the table is sampled.</param>
internal sealed class GoldRows(GoldTable table, UserSample sample)
{
    private ulong[] _keys = [];
    private ulong[] _hashes = [];
    private long[] _months = [];
    private long[] _users = [];

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Reads rows.</summary>
    public void Read(TableGroup group)
    {
        Count = group.Rows;
        if (_hashes.Length < Count)
        {
            (_keys, _hashes, _months, _users) = (new ulong[Count], new ulong[Count], new long[Count], new long[Count]);
        }

        Array.Clear(_hashes);
        if (table.IsMonthly)
        {
            group.Read(table.Key[0], new NumberSink(_months, int.MinValue));
        }

        foreach (TableColumn column in table.Key)
        {
            group.Read(column, new HashSink(_hashes, column.Type));
        }

        Array.Copy(_hashes, _keys, Count);
        ReadValues(group);
    }

    /// <summary>The first day of a row's month; 0 in a table without months.</summary>
    public int MonthOf(int row) => table.IsMonthly ? (int)_months[row] : 0;

    /// <summary>The hash of a row's key.</summary>
    public ulong KeyOf(int row) => _keys[row];

    /// <summary>The hash of a row's key and values.</summary>
    public ulong HashOf(int row) => _hashes[row];

    private void ReadValues(TableGroup group)
    {
        int always = sample.IsAll ? table.Values.Count : table.SampledAfter ?? table.Values.Count;
        foreach (TableColumn column in table.Values.Take(always))
        {
            group.Read(column, new HashSink(_hashes, column.Type));
        }

        if (always < table.Values.Count)
        {
            // The user is the last of the values that every row is compared by.
            group.Read(table.Values[always - 1], new NumberSink(_users, 0));
            foreach (TableColumn column in table.Values.Skip(always))
            {
                group.Read(column, new SampleSink(new HashSink(_hashes, column.Type), _users, sample));
            }
        }
    }

    private readonly struct SampleSink(HashSink sink, long[] users, UserSample sample) : IValueSink
    {
        public void Null(int row)
        {
            if (sample.Includes(users[row]))
            {
                sink.Null(row);
            }
        }

        public void Number(int row, long value)
        {
            if (sample.Includes(users[row]))
            {
                sink.Number(row, value);
            }
        }

        public void Text(int row, ReadOnlySpan<byte> bytes)
        {
            if (sample.Includes(users[row]))
            {
                sink.Text(row, bytes);
            }
        }
    }
}
