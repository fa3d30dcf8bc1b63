using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Formats.Records;

/// <summary>The rows of one block on their way to a sink, in buffers that are used again.</summary>
public sealed class EncodedBlock
{
    /// <summary>Number of the first row in the domain.</summary>
    public long FirstRow { get; set; }

    /// <summary>How many rows.</summary>
    public int Rows { get; set; }

    /// <summary>The records, one a line; empty for formats that are not lines.</summary>
    public ByteBuffer Bytes { get; } = new();

    /// <summary>Where each record ends in <see cref="Bytes"/>.</summary>
    public int[] Ends { get; } = new int[IDataFactory.BlockRows];

    /// <summary>The user of each record.</summary>
    public long[] UserIds { get; } = new long[IDataFactory.BlockRows];

    /// <summary>The event time of each record, in Unix milliseconds, ascending.</summary>
    public long[] EventTimes { get; } = new long[IDataFactory.BlockRows];

    /// <summary>The rule by which each record is fraudulent.</summary>
    public FraudRule[] Rules { get; } = new FraudRule[IDataFactory.BlockRows];

    /// <summary>The rows as columns; null for formats that are lines.</summary>
    public RecordBatch? Batch { get; init; }

    /// <summary>Where the block's first row is in <see cref="Batch"/>.</summary>
    public int Offset { get; set; }
}

/// <summary>Some consecutive rows of a block.</summary>
/// <param name="Block">The block.</param>
/// <param name="First">First row within the block.</param>
/// <param name="Count">How many.</param>
public readonly record struct BlockSlice(EncodedBlock Block, int First, int Count)
{
    /// <summary>Number of the first row in the domain.</summary>
    public long FirstRow => Block.FirstRow + First;

    /// <summary>The lines.</summary>
    public ReadOnlyMemory<byte> Lines => Block.Bytes.Written[StartOf(0)..StartOf(Count)];

    /// <summary>A record's line, without line feed.</summary>
    public ReadOnlySpan<byte> Record(int index) => Block.Bytes.Written.Span[StartOf(index)..(StartOf(index + 1) - 1)];

    /// <summary>A record's user.</summary>
    public long UserId(int index) => Block.UserIds[First + index];

    /// <summary>The first rows.</summary>
    public BlockSlice Take(int count) => this with { Count = count };

    /// <summary>The rows after the first ones.</summary>
    public BlockSlice Skip(int count) => new(Block, First + count, Count - count);

    /// <summary>How many records have lines that fit into some bytes.</summary>
    public int LinesThatFit(long room)
    {
        int start = StartOf(0);
        ReadOnlySpan<int> ends = Block.Ends.AsSpan(First, Count);
        if (Count == 0 || ends[^1] - start <= room)
        {
            return Count;
        }

        int found = ends.BinarySearch((int)(start + Math.Max(0, room)));
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>Where a record's line begins in the block's bytes; for the count, where the last one ends.</summary>
    public int StartOf(int index) => First + index == 0 ? 0 : Block.Ends[First + index - 1];
}
