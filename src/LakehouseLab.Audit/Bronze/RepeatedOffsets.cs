using System.Numerics;

namespace LakehouseLab.Audit.Bronze;

/// <summary>Finds offsets of partitions that more than one record says it was received from: a bit for each offset. Not thread-safe.</summary>
internal sealed class RepeatedOffsets
{
    // More are certainly wrong, and need not be told apart.
    private const int MaxPlaces = 1000;
    private const int BlockBits = 12;
    private const int WordBits = 6;

    private readonly Dictionary<(int Source, long Block), ulong[]> _seen = [];
    private readonly HashSet<(string Source, long Offset)> _places = [];
    private ((int Source, long Block) Block, ulong[] Bits) _last = ((0, 0), []);

    /// <summary>Whether there are such.</summary>
    public bool Any => _places.Count > 0;

    /// <summary>Whether a place is one of them.</summary>
    public bool Has(string source, long offset) => _places.Contains((source, offset));

    /// <summary>Notes where a record says that it was received from.</summary>
    /// <param name="rows">Rows of Bronze.</param>
    /// <param name="row">The record.</param>
    public void Note(BronzeRows rows, int row)
    {
        long offset = rows.OffsetOf(row);
        (int, long) block = (rows.ChunkOf(row), offset >> BlockBits);
        if (_last.Block != block || _last.Bits.Length == 0)
        {
            _last = (block, BitsOf(block));
        }

        ref ulong word = ref _last.Bits[(offset >> WordBits) & (_last.Bits.Length - 1)];
        ulong bit = 1UL << (int)(offset & ((1 << WordBits) - 1));
        if ((word & bit) != 0 && _places.Count < MaxPlaces)
        {
            _places.Add((rows.SourceOf(row), offset));
        }

        word |= bit;
    }

    /// <summary>Writes what was noted.</summary>
    /// <param name="state">Where to.</param>
    /// <param name="rows">Knows the names of sources.</param>
    public void Save(BinaryWriter state, BronzeRows rows)
    {
        state.Write(_seen.Count);
        foreach (((int source, long block), ulong[] bits) in _seen)
        {
            state.Write(rows.NameOf(source));
            state.Write(block);
            Array.ForEach(bits, state.Write);
        }

        state.Write(_places.Count);
        foreach ((string source, long offset) in _places)
        {
            state.Write(source);
            state.Write(offset);
        }
    }

    /// <summary>Adds what was written elsewhere: an offset that is here too is there more than once.</summary>
    /// <param name="state">Where from.</param>
    /// <param name="rows">Numbers sources by their names.</param>
    public void Load(BinaryReader state, BronzeRows rows)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            string source = state.ReadString();
            long block = state.ReadInt64();
            ulong[] bits = BitsOf((rows.NumberOf(source), block));
            for (int word = 0; word < bits.Length; word++)
            {
                ulong others = state.ReadUInt64();
                for (ulong both = bits[word] & others; both != 0 && _places.Count < MaxPlaces; both &= both - 1)
                {
                    _places.Add((source, (block << BlockBits) + (word << WordBits) + BitOperations.TrailingZeroCount(both)));
                }

                bits[word] |= others;
            }
        }

        for (int left = state.ReadInt32(); left > 0; left--)
        {
            _places.Add((state.ReadString(), state.ReadInt64()));
        }
    }

    private ulong[] BitsOf((int Source, long Block) block)
    {
        if (!_seen.TryGetValue(block, out ulong[]? bits))
        {
            bits = new ulong[1 << (BlockBits - WordBits)];
            _seen.Add(block, bits);
        }

        return bits;
    }
}
