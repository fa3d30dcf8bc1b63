using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Records;

/// <summary>Rows that were met, a bit each. Not thread-safe.</summary>
internal sealed class SeenRows
{
    private readonly Dictionary<long, ulong[]> _blocks = [];

    /// <summary>Marks a row.</summary>
    /// <returns>Whether it was not marked before.</returns>
    public bool Add(long row)
    {
        long block = row / IDataFactory.BlockRows;
        int place = (int)(row % IDataFactory.BlockRows);
        if (!_blocks.TryGetValue(block, out ulong[]? bits))
        {
            bits = new ulong[IDataFactory.BlockRows / 64];
            _blocks.Add(block, bits);
        }

        ulong bit = 1UL << (place & 63);
        bool isNew = (bits[place >> 6] & bit) == 0;
        bits[place >> 6] |= bit;
        return isNew;
    }

    /// <summary>Whether a row is marked.</summary>
    public bool Contains(long row) =>
        _blocks.TryGetValue(row / IDataFactory.BlockRows, out ulong[]? bits)
        && (bits[(int)(row % IDataFactory.BlockRows) >> 6] & (1UL << (int)(row & 63))) != 0;
}
