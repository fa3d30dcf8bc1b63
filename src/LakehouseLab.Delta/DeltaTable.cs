using System.Globalization;
using System.Runtime.CompilerServices;
using LakehouseLab.Delta.Checkpoints;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Delta;

/// <summary>A Delta table below a prefix of a store.</summary>
/// <param name="store">The store.</param>
/// <param name="prefix">Key of the table's folder without a slash at its end; empty for the store's root.</param>
public sealed class DeltaTable(IObjectStore store, string prefix)
{
    /// <summary>The table, as messages name it.</summary>
    public string Location { get; } = prefix.Length == 0 ? store.Location : $"{store.Location.TrimEnd('/')}/{prefix}";

    /// <summary>The store that holds it.</summary>
    public IObjectStore Store => store;

    /// <summary>The newest version.</summary>
    /// <returns>The snapshot, or null when there is no table.</returns>
    /// <exception cref="DeltaException">The table cannot be read.</exception>
    public async Task<Snapshot?> FindSnapshotAsync(CancellationToken cancellationToken)
    {
        if (await FindFromHintAsync(null, cancellationToken).ConfigureAwait(false) is { } hinted)
        {
            return await ReadAsync(hinted, cancellationToken).ConfigureAwait(false);
        }

        List<ObjectInfo> objects = await ListLogAsync(string.Empty, cancellationToken).ConfigureAwait(false);
        return objects.Count == 0 ? null : await ReadAsync(SegmentOf(objects, null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The newest version.</summary>
    /// <exception cref="DeltaException">There is no table, or it cannot be read.</exception>
    public Task<Snapshot> GetSnapshotAsync(CancellationToken cancellationToken) => GetSnapshotAsync(null, cancellationToken);

    /// <summary>A version by its number.</summary>
    /// <exception cref="DeltaException">There is no such version, or it cannot be read.</exception>
    public async Task<Snapshot> GetSnapshotAsync(long? version, CancellationToken cancellationToken)
    {
        LogSegment segment = await FindFromHintAsync(version, cancellationToken).ConfigureAwait(false)
            ?? SegmentOf(await ListLogAsync(string.Empty, cancellationToken).ConfigureAwait(false), version);
        return await ReadAsync(segment, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The version that was newest at an instant.</summary>
    /// <exception cref="DeltaException">The table is younger, or it cannot be read.</exception>
    public async Task<Snapshot> GetSnapshotAsync(DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        List<ObjectInfo> objects = await ListLogAsync(string.Empty, cancellationToken).ConfigureAwait(false);
        long? found = null;
        DateTimeOffset? oldest = null;
        await foreach (TimedCommit commit in ReadCommitsAsync(new LogFiles(objects).Commits, cancellationToken).ConfigureAwait(false))
        {
            oldest ??= commit.Time;
            if (commit.Time > timestamp)
            {
                break;
            }

            found = commit.Version;
        }

        return found is null && oldest is { } first
            ? throw new DeltaException(string.Create(CultureInfo.InvariantCulture, $"{Location} has no version as of {timestamp:O}: the oldest commit that is left is of {first:O}"))
            : await ReadAsync(SegmentOf(objects, found), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The commits that are still in the log, newest first.</summary>
    /// <exception cref="DeltaException">There is no table, or a commit is damaged.</exception>
    public Task<IReadOnlyList<HistoryEntry>> HistoryAsync(CancellationToken cancellationToken) => HistoryAsync(int.MaxValue, cancellationToken);

    /// <summary>The newest commits that are still in the log, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="DeltaException">There is no table, or a commit is damaged.</exception>
    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(int limit, CancellationToken cancellationToken)
    {
        List<ObjectInfo> objects = await ListLogAsync(string.Empty, cancellationToken).ConfigureAwait(false);
        List<HistoryEntry> history = [];
        await foreach (TimedCommit commit in ReadCommitsAsync(new LogFiles(objects).Commits.TakeLast(limit), cancellationToken).ConfigureAwait(false))
        {
            history.Add(HistoryEntry.Of(commit.Version, commit.Time, commit.Actions));
        }

        history.Reverse();
        return history.Count > 0 || objects.Count > 0 ? history : throw new DeltaException($"{Location} is not a Delta table: it has no {LogSegment.Folder} with commits");
    }

    /// <summary>What the commits of a half-open range of versions did to the table's rows. Rows that were only rearranged count for nothing.</summary>
    /// <param name="afterVersion">The version before the first commit; -1 to begin with the table's creation.</param>
    /// <param name="untilVersion">The version of the last commit.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="DeltaException">A commit was cleaned up or lost, is damaged, or added a file that cannot be read.</exception>
    public async Task<TableChanges> GetChangesAsync(long afterVersion, long untilVersion, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(afterVersion, -1);
        List<AddFile> added = [];
        bool rowsRemoved = false;
        bool metadataChanged = false;
        long version = afterVersion;
        await foreach ((string key, byte[]? json) in store.ReadEachAsync(CommitKeys(afterVersion, untilVersion), cancellationToken).ConfigureAwait(false))
        {
            version++;
            byte[] found = json
                ?? throw new DeltaException($"{store.Location}/{key} is missing, so what was added after version {afterVersion} is not known: the commit was cleaned up, or lost. Process the whole table again") { IsCommitMissing = true };
            foreach (DeltaAction action in ActionReader.Read(found, $"{store.Location}/{key}"))
            {
                added.AddRange(action is AddFile { DataChange: true } file ? [file] : []);
                rowsRemoved |= action is RemoveFile { DataChange: true };
                metadataChanged |= version > 0 && action is TableMetadata;
            }
        }

        Features.RefuseDeletionVectors(Location, rowsRemoved ? [] : added);
        return new TableChanges(added, rowsRemoved, metadataChanged);
    }

    /// <summary>Looks for the commit with a <c>txn</c>.</summary>
    /// <param name="appId">The application.</param>
    /// <param name="transaction">Its version.</param>
    /// <param name="afterVersion">The table's version before the first commit that is looked at.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The table's version that it made; null when there is no such commit.</returns>
    /// <exception cref="DeltaException">A commit is damaged.</exception>
    public async Task<long?> FindCommitAsync(string appId, long transaction, long afterVersion, CancellationToken cancellationToken)
    {
        for (long version = afterVersion + 1; ; version++)
        {
            string key = LogKeyOf(LogFileName.OfCommit(version));
            if (await store.ReadAsync(key, cancellationToken).ConfigureAwait(false) is not { } json)
            {
                return null;
            }

            if (ReadActions(key, json).OfType<SetTransaction>().Any(found => found.AppId == appId && found.Version == transaction))
            {
                return version;
            }
        }
    }

    /// <summary>A local file with a data file's bytes, valid as long as the lease.</summary>
    /// <exception cref="DeltaException">The file is missing.</exception>
    public async Task<string> GetLocalPathAsync(AddFile file, LocalLease lease, CancellationToken cancellationToken)
    {
        if (file.IsAbsolute)
        {
            return !Path.IsPathFullyQualified(file.Path)
                ? throw new DeltaException($"{Location} has a data file at an absolute path of another store: {file.Spelling}. Files below the table and files of this machine are read: copy the table as a whole (a deep clone)")
                : File.Exists(file.Path) ? file.Path : throw Lost(file.Path, null);
        }

        try
        {
            return await store.GetLocalPathAsync(KeyOf(file.Path), lease, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StorageException { IsNotFound: true } or ArgumentException)
        {
            throw Lost($"{Location}/{file.Path}", exception);
        }
    }

    /// <summary>Local files with the bytes of data files, in their order, valid as long as the lease; some are fetched at once.</summary>
    /// <exception cref="DeltaException">A file is missing.</exception>
    public IAsyncEnumerable<(AddFile File, string Path)> GetLocalPathsAsync(IEnumerable<AddFile> files, LocalLease lease, CancellationToken cancellationToken) =>
        Lookahead.RunAsync(files, Lookahead.Files, async (file, token) => (file, await GetLocalPathAsync(file, lease, token).ConfigureAwait(false)), cancellationToken);

    /// <summary>Key of an object below the table's root.</summary>
    public string KeyOf(string path) => prefix.Length == 0 ? path : $"{prefix}/{path}";

    /// <summary>Key of a file of the log.</summary>
    internal string LogKeyOf(string name) => KeyOf($"{LogSegment.Folder}/{name}");

    /// <summary>Reads a commit.</summary>
    internal async Task<List<DeltaAction>> ReadCommitAsync(string key, CancellationToken cancellationToken)
    {
        byte[]? json = await store.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return ReadActions(key, json);
    }

    /// <summary>Lists the log's folder in order of names.</summary>
    /// <param name="after">The name after which the listing begins; empty for the whole log.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    internal async Task<List<ObjectInfo>> ListLogAsync(string after, CancellationToken cancellationToken)
    {
        string folder = LogKeyOf(string.Empty);
        List<ObjectInfo> objects = [];
        await foreach (ObjectInfo item in store.ListAsync(folder, folder + after, cancellationToken).ConfigureAwait(false))
        {
            // What is deeper, such as staged commits and sidecars, is not part of the classic log.
            if (item.Key.LastIndexOf('/') == folder.Length - 1)
            {
                objects.Add(item);
            }
        }

        return objects;
    }

    // A commit's time is the one that it vouches for, or else its file's, in milliseconds; each is later than the one before it, so that time
    // travel finds one version (Delta's own implementation adjusts them likewise).
    private async IAsyncEnumerable<TimedCommit> ReadCommitsAsync(IEnumerable<KeyValuePair<long, ObjectInfo>> commits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DateTimeOffset previous = DateTimeOffset.MinValue;
        await foreach ((long version, ObjectInfo item, byte[]? json) in Lookahead.RunAsync(
            commits,
            Lookahead.SmallObjects,
            async (commit, token) => (commit.Key, commit.Value, await store.ReadAsync(commit.Value.Key, token).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false))
        {
            List<DeltaAction> actions = ReadActions(item.Key, json);
            DateTimeOffset time = actions.OfType<CommitInfo>().FirstOrDefault()?.VouchedTime ?? DateTimeOffset.FromUnixTimeMilliseconds(item.LastModified.ToUnixTimeMilliseconds());
            previous = time > previous ? time : previous.AddMilliseconds(1);
            yield return new TimedCommit(version, previous, actions);
        }
    }

    private IEnumerable<string> CommitKeys(long afterVersion, long untilVersion)
    {
        for (long version = afterVersion + 1; version <= untilVersion; version++)
        {
            yield return LogKeyOf(LogFileName.OfCommit(version));
        }
    }

    private List<DeltaAction> ReadActions(string key, byte[]? json) => ActionReader.Read(
        json ?? throw new DeltaException($"{store.Location}/{key} vanished while it was read: run the command again"), $"{store.Location}/{key}");

    private static DeltaException Lost(string place, Exception? cause)
    {
        string message = $"{place} is missing though the log lists it: restore the file from a copy, or read an older version";
        return cause is null ? new DeltaException(message) : new DeltaException(message, cause);
    }

    private LogSegment SegmentOf(IReadOnlyList<ObjectInfo> objects, long? version)
    {
        LogFiles files = new(objects);
        return files.Find(version) ?? throw files.Explain(version, Location);
    }

    // The segment of a version by the log from the hinted checkpoint on; null when that does not hold the whole of it, and all must be listed.
    private async Task<LogSegment?> FindFromHintAsync(long? version, CancellationToken cancellationToken) =>
        await store.ReadAsync(LogKeyOf(LastCheckpoint.Name), cancellationToken).ConfigureAwait(false) is { } json
        && LastCheckpoint.Read(json) is { } hint && !(version < hint.Version)
            ? new LogFiles(await ListLogAsync(LogFileName.Before(hint.Version), cancellationToken).ConfigureAwait(false)).Find(version)
            : null;

    private async Task<Snapshot> ReadAsync(LogSegment segment, CancellationToken cancellationToken)
    {
        SnapshotBuilder builder = new();
        foreach (string key in segment.Checkpoint)
        {
            string place = $"{store.Location}/{key}";
            if (key.EndsWith(".json", StringComparison.Ordinal))
            {
                throw new DeltaException($"{place} is a v2 checkpoint: the feature v2Checkpoint is not supported. Read the table with a newer program");
            }

            using LocalLease lease = new();
            builder.Apply(CheckpointReader.Read(await store.GetLocalPathAsync(key, lease, cancellationToken).ConfigureAwait(false), place));
        }

        await foreach ((string key, byte[]? json) in store.ReadEachAsync(segment.Commits.Select(static commit => commit.Key), cancellationToken).ConfigureAwait(false))
        {
            builder.Apply(ReadActions(key, json));
        }

        return builder.Build(Location, segment.Version, segment.Committed);
    }

    private sealed record TimedCommit(long Version, DateTimeOffset Time, IReadOnlyList<DeltaAction> Actions);
}
