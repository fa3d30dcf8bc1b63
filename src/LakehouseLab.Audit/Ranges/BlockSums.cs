namespace LakehouseLab.Audit.Ranges;

/// <summary>
/// Per block of the world, how many records there are and the sum of their hashes: equal for the same records in any
/// order, and 16 bytes for 4,096 rows however many records there are. Pages without records take no memory. Not thread-safe.
/// </summary>
/// <param name="slots">How many blocks.</param>
internal sealed class BlockSums(int slots)
{
    private const int PageBits = 10;
    private const int PageSlots = 1 << PageBits;

    private readonly Sum[]?[] _pages = new Sum[]?[(slots + PageSlots - 1) >> PageBits];

    /// <summary>Adds a record.</summary>
    public void Add(int slot, ulong hash) => Add(slot, 1, hash);

    /// <summary>How many records a block has.</summary>
    public long CountOf(int slot) => At(slot).Count;

    /// <summary>Whether a block has the same records in both.</summary>
    public bool Agrees(BlockSums other, int slot) => At(slot) == other.At(slot);

    /// <summary>Writes the blocks that have records.</summary>
    public void Save(BinaryWriter state)
    {
        List<int> used = [.. Enumerable.Range(0, slots).Where(slot => CountOf(slot) > 0)];
        state.Write(used.Count);
        foreach (int slot in used)
        {
            state.Write(slot);
            state.Write(At(slot).Count);
            state.Write(At(slot).Hash);
        }
    }

    /// <summary>Adds what was written elsewhere.</summary>
    public void Load(BinaryReader state)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            Add(state.ReadInt32(), state.ReadInt64(), state.ReadUInt64());
        }
    }

    private void Add(int slot, long count, ulong hash)
    {
        ref Sum sum = ref (_pages[slot >> PageBits] ??= new Sum[PageSlots])[slot & (PageSlots - 1)];
        sum = new Sum(sum.Count + count, unchecked(sum.Hash + hash));
    }

    private Sum At(int slot) => _pages[slot >> PageBits] is { } page ? page[slot & (PageSlots - 1)] : default;

    private readonly record struct Sum(long Count, ulong Hash);
}
