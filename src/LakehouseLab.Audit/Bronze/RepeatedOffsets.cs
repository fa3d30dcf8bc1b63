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
            if (!_seen.TryGetValue(block, out ulong[]? bits))
            {
                bits = new ulong[1 << (BlockBits - WordBits)];
                _seen.Add(block, bits);
            }

            _last = (block, bits);
        }

        ref ulong word = ref _last.Bits[(offset >> WordBits) & (_last.Bits.Length - 1)];
        ulong bit = 1UL << (int)(offset & ((1 << WordBits) - 1));
        if ((word & bit) != 0 && _places.Count < MaxPlaces)
        {
            _places.Add((rows.SourceOf(row), offset));
        }

        word |= bit;
    }
}
