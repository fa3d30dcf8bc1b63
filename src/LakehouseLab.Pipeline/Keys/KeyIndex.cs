using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Keys;

/// <summary>
/// Which data files of a table may hold a key, so that a small batch finds its duplicates without a scan of the table: for
/// each data file the sorted 64-bit hashes of its keys, eight bytes a row, in an object of its own. It is a cache of what the
/// files hold: a missing or damaged object is recreated from its file. A hash that is found only points to a file to be looked into.
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
    /// <param name="sorted">The hashes, sorted. More than those of the file's keys do no harm.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task PutAsync(AddFile file, long[] sorted, CancellationToken cancellationToken) =>
        await lake.Store.PutAsync(KeyOf(table, file), SortedHashes.ToBytes(sorted), cancellationToken).ConfigureAwait(false);

    /// <summary>Finds which hashes some files may hold.</summary>
    /// <param name="files">The files.</param>
    /// <param name="runs">The hashes, each run sorted.</param>
    /// <param name="found">Gets the hashes that are held.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The files that hold one.</returns>
    public async Task<IReadOnlyList<AddFile>> FindAsync(IEnumerable<AddFile> files, IReadOnlyList<long[]> runs, HashSet<long> found, CancellationToken cancellationToken)
    {
        List<AddFile> holders = [];
        await foreach ((AddFile file, byte[]? kept) in Lookahead.RunAsync(files, Lookahead.Files, FetchAsync, cancellationToken).ConfigureAwait(false))
        {
            long[] held = await ReadAsync(file, kept, cancellationToken).ConfigureAwait(false);
            bool holds = false;
            foreach (long[] run in runs)
            {
                holds |= SortedHashes.AddShared(run, held, found);
            }

            if (holds)
            {
                holders.Add(file);
            }
        }

        return holders;
    }

    private async Task<(AddFile File, byte[]? Kept)> FetchAsync(AddFile file, CancellationToken cancellationToken) =>
        (file, await lake.Store.ReadAsync(KeyOf(table, file), cancellationToken).ConfigureAwait(false));

    private async Task<long[]> ReadAsync(AddFile file, byte[]? kept, CancellationToken cancellationToken)
    {
        if (kept is not null && SortedHashes.FromBytes(kept) is { } whole)
        {
            return whole;
        }

        long[] hashes = await readHashes(file, cancellationToken).ConfigureAwait(false);
        Array.Sort(hashes);
        await PutAsync(file, hashes, cancellationToken).ConfigureAwait(false);
        return hashes;
    }

    private static string KeyOf(TableName table, AddFile file) => $"{LakeLayout.KeyIndexes}{table}/{file.Path}.keys";
}
