using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Gold;

/// <summary>Per month, how many rows a table has and the sum of their hashes. Not thread-safe.</summary>
internal sealed class MonthSums : IExpectedRows
{
    private readonly SortedDictionary<int, Sum> _sums = [];
    private int _month = int.MinValue;
    private Sum _last = new();

    /// <summary>Rows in all.</summary>
    public long Rows => _sums.Values.Sum(sum => sum.Rows);

    /// <summary>The months with rows.</summary>
    public IEnumerable<int> Months => _sums.Keys;

    /// <summary>Rows of a month.</summary>
    public long RowsOf(int month) => _sums.TryGetValue(month, out Sum? sum) ? sum.Rows : 0;

    /// <summary>Whether a month has the same rows in both.</summary>
    public bool Agrees(MonthSums other, int month) =>
        _sums.GetValueOrDefault(month, new Sum()) is var mine && other._sums.GetValueOrDefault(month, new Sum()) is var others
        && mine.Rows == others.Rows && mine.Hash == others.Hash;

    /// <inheritdoc/>
    public void Add(int month, ReadOnlySpan<Cell> cells, ICellTexts texts)
    {
        ulong hash = 0;
        foreach (ref readonly Cell cell in cells)
        {
            hash = ValueHash.Append(hash, cell.Code);
        }

        Add(month, hash);
    }

    /// <summary>Adds a row's hash.</summary>
    public void Add(int month, ulong hash) => Add(month, 1, hash);

    /// <summary>Writes the sums.</summary>
    public void Save(BinaryWriter state)
    {
        state.Write(_sums.Count);
        foreach ((int month, Sum sum) in _sums)
        {
            state.Write(month);
            state.Write(sum.Rows);
            state.Write(sum.Hash);
        }
    }

    /// <summary>Adds sums that were written elsewhere.</summary>
    public void Load(BinaryReader state)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            Add(state.ReadInt32(), state.ReadInt64(), state.ReadUInt64());
        }
    }

    private void Add(int month, long rows, ulong hash)
    {
        if (month != _month)
        {
            if (!_sums.TryGetValue(month, out Sum? sum))
            {
                sum = new Sum();
                _sums.Add(month, sum);
            }

            (_month, _last) = (month, sum);
        }

        _last.Rows += rows;
        _last.Hash = unchecked(_last.Hash + hash);
    }

    private sealed class Sum
    {
        public long Rows { get; set; }

        public ulong Hash { get; set; }
    }
}
