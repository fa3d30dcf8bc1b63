using LakehouseLab.Delta.Log;
using LakehouseLab.Storage;

namespace LakehouseLab.Delta;

/// <summary>Deletes the files below a table that no version within the retention time needs.</summary>
public static class Vacuum
{
    /// <summary>How far back time travel stays possible (Delta's default).</summary>
    public static TimeSpan Retention { get; } = TimeSpan.FromDays(7);

    /// <summary>Deletes files that are neither in the newest version nor were removed within the retention time, nor are so
    /// young that a running write may be about to commit them.</summary>
    /// <returns>The keys that were deleted, or would be.</returns>
    /// <exception cref="DeltaException">The table cannot be read.</exception>
    public static async Task<IReadOnlyList<ObjectInfo>> RunAsync(DeltaTable table, bool dryRun, TimeProvider clock, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        DateTimeOffset oldest = clock.GetUtcNow() - Retention;
        HashSet<string> needed = [.. snapshot.Files.Select(file => table.KeyOf(file.Path))];
        needed.UnionWith(snapshot.Tombstones
            .Where(file => (file.DeletionTimestamp ?? 0) >= oldest.ToUnixTimeMilliseconds())
            .Select(file => table.KeyOf(file.Path)));
        string root = table.KeyOf(string.Empty);
        string log = table.KeyOf(LogSegment.Folder) + "/";
        List<ObjectInfo> unneeded = [];
        await foreach (ObjectInfo item in table.Store.ListAsync(root, cancellationToken).ConfigureAwait(false))
        {
            if (!item.Key.StartsWith(log, StringComparison.Ordinal) && item.LastModified < oldest && !needed.Contains(item.Key))
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
}
