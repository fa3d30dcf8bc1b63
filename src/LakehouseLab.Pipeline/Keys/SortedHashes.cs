using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LakehouseLab.Pipeline.Keys;

/// <summary>Works on 64-bit hashes in ascending order.</summary>
internal static class SortedHashes
{
    // A search in n takes about log2 n steps, a walk in step n: below this ratio of lengths searches are cheaper.
    private const int SearchWhenFewer = 32;

    /// <summary>Finds hashes that occur more than once in one run.</summary>
    public static void AddRepeated(ReadOnlySpan<long> run, HashSet<long> found)
    {
        for (int i = 1; i < run.Length; i++)
        {
            if (run[i] == run[i - 1])
            {
                found.Add(run[i]);
            }
        }
    }

    /// <summary>Finds hashes that occur in both of two runs.</summary>
    /// <returns>Whether there is any.</returns>
    public static bool AddShared(ReadOnlySpan<long> left, ReadOnlySpan<long> right, HashSet<long> found)
    {
        if (left.Length > right.Length)
        {
            return AddShared(right, left, found);
        }

        return (long)left.Length * SearchWhenFewer < right.Length ? AddBySearch(left, right, found) : AddInStep(left, right, found);
    }

    /// <summary>Writes hashes as bytes, eight each, the least significant first, and a checksum of them (XXH3) after.</summary>
    public static byte[] ToBytes(long[] hashes)
    {
        byte[] bytes = new byte[(hashes.Length + 1) * sizeof(long)];
        MemoryMarshal.AsBytes(InFileOrder(hashes).AsSpan()).CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(^sizeof(long)..), XxHash3.HashToUInt64(bytes.AsSpan(..^sizeof(long))));
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <returns>The hashes, or null when the bytes are not whole.</returns>
    public static long[]? FromBytes(byte[] bytes)
    {
        bool whole = bytes.Length >= sizeof(long) && bytes.Length % sizeof(long) == 0
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(^sizeof(long)..)) == XxHash3.HashToUInt64(bytes.AsSpan(..^sizeof(long)));
        return whole ? InFileOrder(MemoryMarshal.Cast<byte, long>(bytes.AsSpan(..^sizeof(long))).ToArray()) : null;
    }

    private static long[] InFileOrder(long[] hashes)
    {
        if (BitConverter.IsLittleEndian)
        {
            return hashes;
        }

        long[] reversed = new long[hashes.Length];
        BinaryPrimitives.ReverseEndianness(hashes, reversed);
        return reversed;
    }

    private static bool AddBySearch(ReadOnlySpan<long> few, ReadOnlySpan<long> many, HashSet<long> found)
    {
        bool any = false;
        foreach (long hash in few)
        {
            if (many.BinarySearch(hash) >= 0)
            {
                any = true;
                found.Add(hash);
            }
        }

        return any;
    }

    private static bool AddInStep(ReadOnlySpan<long> left, ReadOnlySpan<long> right, HashSet<long> found)
    {
        bool any = false;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            long order = left[i].CompareTo(right[j]);
            if (order == 0)
            {
                any = true;
                found.Add(left[i]);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return any;
    }
}
