using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Storage;

namespace LakehouseLab.Delta;

/// <summary>Deletes the files below a table that no version within the retention time needs.</summary>
public static class Vacuum
{
    private const string RetentionProperty = "delta.deletedFileRetentionDuration";

    /// <summary>How far back time travel stays possible (Delta's default).</summary>
    public static TimeSpan Retention { get; } = TimeSpan.FromDays(7);

    /// <summary>Deletes files that are neither in the newest version nor were removed within the retention time, nor are so
    /// young that a running write may be about to commit them. What is hidden (the protocol: a name that begins with
    /// <c>_</c> or <c>.</c>) is left alone, partitions apart.</summary>
    /// <returns>The keys that were deleted, or would be.</returns>
    /// <exception cref="DeltaException">The table cannot be read, or cannot be vacuumed safely.</exception>
    public static async Task<IReadOnlyList<ObjectInfo>> RunAsync(DeltaTable table, bool dryRun, TimeProvider clock, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        Features.RefuseUnwritable(snapshot);
        DateTimeOffset oldest = clock.GetUtcNow() - RetentionOf(snapshot);
        List<string> paths = [.. snapshot.Files.Select(file => file.Path)];
        paths.AddRange(snapshot.Tombstones.Where(file => (file.DeletionTimestamp ?? 0) >= oldest.ToUnixTimeMilliseconds()).Select(file => file.Path));
        if (paths.Find(LogPath.IsAbsolute) is { } absolute)
        {
            throw new DeltaException($"{snapshot.Location} cannot be vacuumed: its log names files by absolute paths such as {absolute}, so what is unneeded is not certain");
        }

        HashSet<string> needed = [.. paths.Select(table.KeyOf)];
        string root = table.KeyOf(string.Empty);
        List<ObjectInfo> unneeded = [];
        await foreach (ObjectInfo item in table.Store.ListAsync(root, cancellationToken).ConfigureAwait(false))
        {
            if (item.LastModified < oldest && !needed.Contains(item.Key) && !IsHidden(item.Key[root.Length..]))
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

    /// <summary>How long a table's removed files are kept: a week, or longer if its properties say so.</summary>
    /// <exception cref="DeltaException">The property is no such time.</exception>
    internal static TimeSpan RetentionOf(Snapshot snapshot)
    {
        if (!snapshot.Metadata.Configuration.TryGetValue(RetentionProperty, out string? text))
        {
            return Retention;
        }

        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double? days = words is ["interval" or "INTERVAL", string count, string unit]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? unit.ToLowerInvariant().TrimEnd('s') switch
            {
                "week" => number * 7.0,
                "day" => number,
                "hour" => number / 24.0,
                "minute" => number / 1440.0,
                "second" => number / 86_400.0,
                _ => null,
            }
            : null;
        return days is null
            ? throw new DeltaException($"{snapshot.Location}: property {RetentionProperty} is '{text}', which is not understood: write it like 'interval 7 days'")
            : TimeSpan.FromDays(Math.Max(days.Value, Retention.TotalDays));
    }

    private static bool IsHidden(string path) => path.Split('/').Any(name => name is ['_' or '.', ..] && !name.Contains('='));
}
