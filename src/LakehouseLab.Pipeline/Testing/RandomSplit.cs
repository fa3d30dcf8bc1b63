using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>A split of rows at random into parts, the same for the same seed and number. Immutable.</summary>
/// <param name="seed">The seed.</param>
/// <param name="trial">Which of the seed's splits it is, from 0.</param>
internal sealed class RandomSplit(long seed, int trial)
{
    // So that 1 of these rows comes twice.
    private const int Repeated = 50;

    /// <summary>How many parts: 2 to 4.</summary>
    public int Parts => 2 + (trial % 3);

    /// <summary>The part of a row, from 0.</summary>
    /// <param name="table">Where the row is from.</param>
    /// <param name="row">Its number there.</param>
    public int PartOf(string table, long row) => (int)(Draw("part", table, row) % (ulong)Parts);

    /// <summary>The part in which a row comes once more; null for most rows.</summary>
    public int? RepeatedIn(string table, long row) => Draw("repeat", table, row) is { } draw && draw % Repeated == 0 ? (int)(draw / Repeated % (ulong)Parts) : null;

    /// <summary>By which the rows of a part are ordered.</summary>
    public ulong OrderOf(string table, long row) => Draw("order", table, row);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"split {trial} of seed {seed}");

    private ulong Draw(string purpose, string table, long row)
    {
        XxHash3 hash = new(seed);
        hash.Append(Encoding.UTF8.GetBytes($"{purpose} {table}"));
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, trial);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[4..], row);
        hash.Append(numbers);
        return hash.GetCurrentHashAsUInt64();
    }
}
