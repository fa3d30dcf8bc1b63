using System.Text;
using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Audit.Ranges;

/// <summary>Finds chunks by their keys. Immutable.</summary>
internal sealed class ChunkIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Indexes the chunks of all ranges.</summary>
    public ChunkIndex(DomainRanges ranges)
    {
        Chunks = [.. ranges.Ranges.SelectMany(range => range.Chunks.Select(chunk => (range.Index, chunk)))];
        for (int number = 0; number < Chunks.Length; number++)
        {
            _numbers[Chunks[number].Chunk.Key] = number;
        }
    }

    /// <summary>The chunks, each with the number of its range.</summary>
    public (int Range, ChunkInfo Chunk)[] Chunks { get; }

    /// <summary>Finds a chunk.</summary>
    /// <param name="key">Its key in UTF-8.</param>
    /// <returns>Its number, or -1 when it is none.</returns>
    public int Find(ReadOnlySpan<byte> key) => _numbers.GetValueOrDefault(Encoding.UTF8.GetString(key), -1);
}
