using System.Text;
using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Audit.Ranges;

/// <summary>Finds chunks by their keys. Immutable.</summary>
internal sealed class ChunkIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly int[] _order;
    private readonly long[] _firstRows;

    /// <summary>Indexes the chunks of all ranges.</summary>
    public ChunkIndex(DomainRanges ranges)
    {
        Chunks = [.. ranges.Ranges.SelectMany(range => range.Chunks.Select(chunk => (range.Index, chunk)))];
        for (int number = 0; number < Chunks.Length; number++)
        {
            _numbers[Chunks[number].Chunk.Key] = number;
        }

        _order = [.. Enumerable.Range(0, Chunks.Length).OrderBy(number => Chunks[number].Chunk.FirstRow)];
        _firstRows = [.. _order.Select(number => Chunks[number].Chunk.FirstRow)];
    }

    /// <summary>The chunks, each with the number of its range.</summary>
    public (int Range, ChunkInfo Chunk)[] Chunks { get; }

    /// <summary>Finds the chunk of a row.</summary>
    /// <returns>Its number, or -1 when none has the row.</returns>
    public int Find(long row)
    {
        int index = Array.BinarySearch(_firstRows, row);
        index = index >= 0 ? index : ~index - 1;
        return index >= 0 && row < Chunks[_order[index]].Chunk.EndRow ? _order[index] : -1;
    }

    /// <summary>Finds a chunk.</summary>
    /// <param name="key">Its key in UTF-8.</param>
    /// <returns>Its number, or -1 when it is none.</returns>
    public int Find(ReadOnlySpan<byte> key) => _numbers.GetValueOrDefault(Encoding.UTF8.GetString(key), -1);
}
