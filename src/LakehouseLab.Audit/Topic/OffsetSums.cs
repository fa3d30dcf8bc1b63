namespace LakehouseLab.Audit.Topic;

/// <summary>Per block of a partition's offsets, how many messages there are and the sum of their hashes. Not thread-safe.</summary>
internal sealed class OffsetSums
{
    /// <summary>Offsets of a block.</summary>
    public const long BlockOffsets = 4096;

    private readonly Dictionary<(int Partition, long Block), Sum> _sums = [];
    private ((int Partition, long Block) Block, Sum Sum) _last = ((-1, -1), new Sum());

    /// <summary>The block of an offset.</summary>
    public static (int Partition, long Block) BlockOf(int partition, long offset) => (partition, offset / BlockOffsets);

    /// <summary>Adds a message.</summary>
    public void Add(int partition, long offset, ulong hash)
    {
        (int, long) block = BlockOf(partition, offset);
        if (_last.Block != block)
        {
            _last = (block, Of(block));
        }

        _last.Sum.Add(1, hash);
    }

    /// <summary>Writes the sums.</summary>
    public void Save(BinaryWriter state)
    {
        state.Write(_sums.Count);
        foreach (((int partition, long block), Sum sum) in _sums)
        {
            state.Write(partition);
            state.Write(block);
            state.Write(sum.Value.Count);
            state.Write(sum.Value.Sum);
        }
    }

    /// <summary>Adds sums that were written elsewhere.</summary>
    public void Load(BinaryReader state)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            Of((state.ReadInt32(), state.ReadInt64())).Add(state.ReadInt64(), state.ReadUInt64());
        }
    }

    /// <summary>The blocks that do not have the same messages in both, in order.</summary>
    public IReadOnlyList<(int Partition, long Block)> Differing(OffsetSums other) =>
        [.. _sums.Keys.Union(other._sums.Keys).Where(block => _sums.GetValueOrDefault(block)?.Value != other._sums.GetValueOrDefault(block)?.Value).Order()];

    private Sum Of((int Partition, long Block) block)
    {
        if (!_sums.TryGetValue(block, out Sum? sum))
        {
            sum = new Sum();
            _sums.Add(block, sum);
        }

        return sum;
    }

    private sealed class Sum
    {
        private long _count;
        private ulong _sum;

        public (long Count, ulong Sum) Value => (_count, _sum);

        public void Add(long count, ulong hash)
        {
            _count += count;
            unchecked
            {
                _sum += hash;
            }
        }
    }
}
