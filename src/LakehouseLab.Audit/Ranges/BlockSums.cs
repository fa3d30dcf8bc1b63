namespace LakehouseLab.Audit.Ranges;

/// <summary>
/// Per block of the world, how many records there are and the sum of their hashes: equal for the same records in any
/// order, and 16 bytes for 4,096 rows however many records there are. Not thread-safe.
/// </summary>
internal sealed class BlockSums(int slots)
{
    private readonly long[] _counts = new long[slots];
    private readonly ulong[] _sums = new ulong[slots];

    /// <summary>Adds a record.</summary>
    public void Add(int slot, ulong hash)
    {
        _counts[slot]++;
        unchecked
        {
            _sums[slot] += hash;
        }
    }

    /// <summary>How many records a block has.</summary>
    public long CountOf(int slot) => _counts[slot];

    /// <summary>Whether a block has the same records in both.</summary>
    public bool Agrees(BlockSums other, int slot) => _counts[slot] == other._counts[slot] && _sums[slot] == other._sums[slot];
}
