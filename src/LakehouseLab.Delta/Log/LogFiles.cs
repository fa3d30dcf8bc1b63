using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Delta.Log;

/// <summary>The commits and checkpoints of a listing of a log.</summary>
internal sealed class LogFiles
{
    private readonly SortedList<long, ObjectInfo> _commits = [];
    private readonly SortedList<long, IReadOnlyList<string>> _checkpoints = [];

    /// <summary>Sorts a listing.</summary>
    /// <param name="objects">The objects of the log's folder, or those from some version on.</param>
    public LogFiles(IReadOnlyList<ObjectInfo> objects)
    {
        List<Part> parts = [];
        foreach (ObjectInfo item in objects)
        {
            string name = NameOf(item);
            if (LogFileName.CommitVersion(name) is { } commit)
            {
                _commits.Add(commit, item);
            }
            else if (LogFileName.CheckpointPart(name) is { } part)
            {
                parts.Add(new Part(part.Version, part.Number, part.Count, item.Key));
            }
        }

        foreach (IGrouping<long, Part> version in parts.GroupBy(static part => part.Version))
        {
            if (Whole(version) is { } whole)
            {
                _checkpoints.Add(version.Key, whole);
            }
        }
    }

    /// <summary>The commits in order.</summary>
    public IEnumerable<KeyValuePair<long, ObjectInfo>> Commits => _commits;

    /// <summary>The last part of an object's key.</summary>
    public static string NameOf(ObjectInfo item) => item.Key[(item.Key.LastIndexOf('/') + 1)..];

    /// <summary>The newest whole checkpoint up to a version, or null when there is none.</summary>
    public long? NewestCheckpoint(long version)
    {
        IEnumerable<long> until = _checkpoints.Keys.Where(checkpoint => checkpoint <= version);
        return until.Any() ? until.Last() : null;
    }

    /// <summary>The segment of a version.</summary>
    /// <param name="version">The version, or null for the newest.</param>
    /// <returns>The segment, or null when the listing does not hold the whole of it.</returns>
    public LogSegment? Find(long? version)
    {
        long wanted = version ?? Newest;
        long from = NewestCheckpoint(wanted) ?? -1;
        List<ObjectInfo> needed = [];
        for (long number = from + 1; number <= wanted; number++)
        {
            if (!_commits.TryGetValue(number, out ObjectInfo commit))
            {
                return null;
            }

            needed.Add(commit);
        }

        return wanted < 0 ? null : new LogSegment(wanted, from < 0 ? [] : _checkpoints[from], needed, _commits.TryGetValue(wanted, out ObjectInfo last) ? last.LastModified : null);
    }

    /// <summary>Why the segment of a version is not to be had of a listing of the whole log.</summary>
    /// <param name="version">The version, or null for the newest.</param>
    /// <param name="location">The table, for the message.</param>
    public DeltaException Explain(long? version, string location)
    {
        string folder = $"{location}/{LogSegment.Folder}";
        long wanted = version ?? Newest;
        if (Newest < 0 || wanted < 0 || wanted > Newest)
        {
            return new DeltaException(Newest < 0
                ? $"{folder} has no commit: it is not a Delta table, or its log was lost"
                : $"{location} has no version {wanted}: the newest is {Newest}");
        }

        long missing = (NewestCheckpoint(wanted) ?? -1) + 1;
        while (_commits.ContainsKey(missing))
        {
            missing++;
        }

        return missing == 0
            ? new DeltaException($"{folder}/{LogFileName.OfCommit(missing)} is missing and no checkpoint up to version {wanted} replaces it: the version was cleaned up, or the file was lost")
            : new DeltaException($"{folder}/{LogFileName.OfCommit(missing)} is missing though later commits are there: restore it from a copy");
    }

    private long Newest => Math.Max(_commits.Count > 0 ? _commits.Keys[^1] : -1, _checkpoints.Count > 0 ? _checkpoints.Keys[^1] : -1);

    // The keys of a complete set of parts, of which there may be several for a version; a single file is preferred.
    private static IReadOnlyList<string>? Whole(IEnumerable<Part> parts)
    {
        foreach (IGrouping<int, Part> set in parts.GroupBy(static part => part.Count).OrderBy(static set => set.Key))
        {
            List<Part> ordered = [.. set.DistinctBy(static part => part.Number).OrderBy(static part => part.Number)];
            if (ordered.Count == set.Key && ordered[0].Number == 1 && ordered[^1].Number == set.Key)
            {
                return [.. ordered.Select(static part => part.Key)];
            }
        }

        return null;
    }

    private sealed record Part(long Version, int Number, int Count, string Key);
}
