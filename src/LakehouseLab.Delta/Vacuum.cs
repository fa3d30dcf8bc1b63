using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Delta;

/// <summary>Deletes the files below a table that no version within the retention time needs.</summary>
public static class Vacuum
{
    /// <summary>Deletes files that are neither in the newest version nor were removed within the retention time, nor are so
    /// young that a running write may be about to commit them. What is hidden (the protocol: a name that begins with
    /// <c>_</c> or <c>.</c>) is left alone, partitions apart.</summary>
    /// <returns>The keys that were deleted, or would be.</returns>
    /// <exception cref="DeltaException">The table cannot be read, or cannot be vacuumed safely.</exception>
    public static Task<IReadOnlyList<ObjectInfo>> RunAsync(DeltaTable table, bool dryRun, TimeProvider clock, CancellationToken cancellationToken) =>
        RunAsync(table, dryRun, [], clock, cancellationToken);

    /// <summary>The same, and keeps files that somebody needs, however long ago they were removed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="dryRun">Whether nothing is deleted.</param>
    /// <param name="needed">Those files.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Cancels the deletion; what is left goes the next time.</param>
    /// <returns>The keys that were deleted, or would be.</returns>
    /// <exception cref="DeltaException">The table cannot be read, or cannot be vacuumed safely.</exception>
    public static async Task<IReadOnlyList<ObjectInfo>> RunAsync(
        DeltaTable table, bool dryRun, IReadOnlyCollection<AddFile> needed, TimeProvider clock, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        Features.RefuseUnwritable(snapshot);
        DateTimeOffset oldest = clock.GetUtcNow() - RetentionTime.OfFiles(snapshot);
        IReadOnlyList<RemoveFile> kept = [.. snapshot.Tombstones.Where(file => (file.DeletionTimestamp ?? 0) >= oldest.ToUnixTimeMilliseconds())];
        if (snapshot.Files.Select(file => file.Spelling).Concat(kept.Select(file => file.Spelling)).FirstOrDefault(LogPath.IsAbsolute) is { } absolute)
        {
            throw new DeltaException($"{snapshot.Location} cannot be vacuumed: its log names files by absolute paths such as {absolute}, so what is unneeded is not certain");
        }

        HashSet<string> keep = [.. needed.Where(file => !file.IsAbsolute).Select(file => table.KeyOf(file.Path)), .. snapshot.Files.Select(file => table.KeyOf(file.Path)), .. kept.Select(file => table.KeyOf(file.Path))];
        string root = table.KeyOf(string.Empty);
        List<ObjectInfo> unneeded = [];
        await foreach (ObjectInfo item in table.Store.ListAsync(root, cancellationToken).ConfigureAwait(false))
        {
            if (item.LastModified < oldest && !keep.Contains(item.Key) && !IsHidden(item.Key[root.Length..]))
            {
                unneeded.Add(item);
            }
        }

        foreach (ObjectInfo item in dryRun ? [] : unneeded)
        {
            await table.Store.DeleteAsync(item.Key, cancellationToken).ConfigureAwait(false);
        }

        return unneeded;
    }

    private static bool IsHidden(string path) => path.Split('/').Any(name => name is ['_' or '.', ..] && !name.Contains('='));
}
