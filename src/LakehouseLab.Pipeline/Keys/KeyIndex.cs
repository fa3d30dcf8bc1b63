using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.Keys;

/// <summary>
/// Which data files of a table may hold a key, so that a small batch finds its duplicates without a scan of the table: for
/// each data file the sorted 64-bit hashes of its keys, eight bytes a row, in an object of its own. It is a cache of what the
/// files hold: a missing object is made again from its file. A hash that is found only points to a file to be looked into.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="table">The table.</param>
/// <param name="readHashes">Reads the hashes of a data file's keys from the file itself.</param>
internal sealed class KeyIndex(Lake lake, TableName table, Func<AddFile, CancellationToken, Task<long[]>> readHashes)
{
    /// <summary>Deletes the hashes of files that left their table.</summary>
    public static async Task DeleteAsync(Lake lake, TableName table, IEnumerable<AddFile> files, CancellationToken cancellationToken)
    {
        foreach (AddFile file in files)
        {
            await lake.Store.DeleteAsync(KeyOf(table, file), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps the hashes of a data file's keys.</summary>
    /// <param name="file">The file.</param>
    /// <param name="hashes">The hashes in any order; they are sorted in place. More than the file's keys do no harm.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task PutAsync(AddFile file, long[] hashes, CancellationToken cancellationToken)
    {
        Array.Sort(hashes);
        byte[] bytes = ToBytes(hashes);
        await lake.Store.TryPutAsync(KeyOf(table, file), bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds which hashes some files may hold.</summary>
    /// <param name="files">The files.</param>
    /// <param name="sorted">The hashes, sorted.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The hashes that are held, and the files that hold one.</returns>
    public async Task<(HashSet<long> Found, List<AddFile> Files)> FindAsync(IEnumerable<AddFile> files, long[] sorted, CancellationToken cancellationToken)
    {
        HashSet<long> found = [];
        List<AddFile> holders = [];
        foreach (AddFile file in files)
        {
            byte[]? bytes = await lake.Store.ReadAsync(KeyOf(table, file), cancellationToken).ConfigureAwait(false);
            if (bytes is null)
            {
                long[] hashes = await readHashes(file, cancellationToken).ConfigureAwait(false);
                await PutAsync(file, hashes, cancellationToken).ConfigureAwait(false);
                bytes = ToBytes(hashes);
            }

            bool holds = Intersect(bytes, sorted, found);
            if (holds)
            {
                holders.Add(file);
            }
        }

        return (found, holders);
    }

    private static string KeyOf(TableName table, AddFile file) => $"{LakeLayout.KeyIndexes}{table}/{file.Path}.keys";

    private static byte[] ToBytes(long[] hashes)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes(hashes.AsSpan()).ToArray();
        }

        byte[] bytes = new byte[hashes.Length * sizeof(long)];
        for (int i = 0; i < hashes.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), hashes[i]);
        }

        return bytes;
    }

    // Few against many: a search for each; many against many: both in step.
    private static bool Intersect(ReadOnlySpan<byte> index, long[] sorted, HashSet<long> found)
    {
        const int SearchWhenFewer = 32;
        int count = index.Length / sizeof(long);
        bool any = false;
        if ((long)sorted.Length * SearchWhenFewer < count)
        {
            foreach (long hash in sorted)
            {
                if (Contains(index, count, hash))
                {
                    any = true;
                    found.Add(hash);
                }
            }

            return any;
        }

        int left = 0;
        for (int right = 0; left < count && right < sorted.Length;)
        {
            long held = At(index, left);
            int order = held.CompareTo(sorted[right]);
            if (order == 0)
            {
                any = true;
                found.Add(held);
            }

            left += order <= 0 ? 1 : 0;
            right += order >= 0 ? 1 : 0;
        }

        return any;
    }

    private static bool Contains(ReadOnlySpan<byte> index, int count, long hash)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (At(index, middle) < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < count && At(index, low) == hash;
    }

    private static long At(ReadOnlySpan<byte> index, int position) => BinaryPrimitives.ReadInt64LittleEndian(index[(position * sizeof(long))..]);
}
