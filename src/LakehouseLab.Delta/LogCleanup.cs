using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Delta;

/// <summary>
/// Deletes log files that no kept version needs (Delta protocol, "Metadata Cleanup"), so that a table's cost does not grow with its age. Kept are
/// the commits of the table's retention time, and before them what reading the oldest of those needs: the newest checkpoint that is not younger,
/// with its commit and all commits after it.
/// </summary>
internal static class LogCleanup
{
    private const string EnabledProperty = "delta.enableExpiredLogCleanup";

    /// <summary>Deletes what is expired; to be called when a checkpoint was written.</summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">A version of it, whose properties hold.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the deletion; what is left goes the next time.</param>
    /// <exception cref="StorageException">The store failed; what is left goes the next time.</exception>
    public static async Task RunAsync(DeltaTable table, Snapshot snapshot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (snapshot.Metadata.Configuration.TryGetValue(EnabledProperty, out string? enabled) && string.Equals(enabled, "false", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        // Whole days: a version is not lost for the hour at which somebody happened to write.
        DateTimeOffset cutoff = new((now - RetentionTime.OfLog(snapshot)).UtcDateTime.Date, TimeSpan.Zero);
        List<ObjectInfo> objects = await table.ListLogAsync(string.Empty, cancellationToken).ConfigureAwait(false);
        LogFiles files = new(objects);
        if (NewestCommitUntil(cutoff, files) is { } commit && files.NewestCheckpoint(commit) is { } kept)
        {
            // Oldest first, so that what a killed clean-up leaves is whole from some version on.
            IEnumerable<ObjectInfo> expired = objects
                .Where(item => LogFileName.ServesUntil(LogFiles.NameOf(item)) < kept)
                .OrderBy(static item => LogFileName.ServesUntil(LogFiles.NameOf(item)));
            await Lookahead.RunAsync(expired, Lookahead.SmallObjects, DeleteAsync, cancellationToken).LastOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        }

        async Task<string> DeleteAsync(ObjectInfo item, CancellationToken token)
        {
            await table.Store.DeleteAsync(item.Key, token).ConfigureAwait(false);
            return item.Key;
        }
    }

    // A commit counts as younger than all before it, whatever its file's time says, as time travel has it.
    private static long? NewestCommitUntil(DateTimeOffset cutoff, LogFiles files)
    {
        long? newest = null;
        foreach ((long version, ObjectInfo commit) in files.Commits)
        {
            if (commit.LastModified > cutoff)
            {
                break;
            }

            newest = version;
        }

        return newest;
    }
}
