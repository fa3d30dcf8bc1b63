using System.Globalization;
using LakehouseLab.Storage;

namespace LakehouseLab.Delta.Log;

/// <summary>The files of the log from which a version is read: the newest whole checkpoint before it and all commits after that.</summary>
/// <param name="Version">The version.</param>
/// <param name="Checkpoint">Keys of the checkpoint's parts in order; empty for none.</param>
/// <param name="Commits">The commits after the checkpoint in order.</param>
internal sealed record LogSegment(long Version, IReadOnlyList<string> Checkpoint, IReadOnlyList<ObjectInfo> Commits)
{
    /// <summary>Folder of the log below the table's root.</summary>
    public const string Folder = "_delta_log";

    private const int VersionDigits = 20;

    /// <summary>Name of a commit.</summary>
    public static string CommitName(long version) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json");

    /// <summary>Version of a commit by its name, or null when the name is no commit's.</summary>
    public static long? CommitVersion(ReadOnlySpan<char> name) =>
        name.Length == VersionDigits + 5 && name.EndsWith(".json", StringComparison.Ordinal) ? ParseVersion(name) : null;

    /// <summary>Chooses the segment of a version.</summary>
    /// <param name="objects">The objects of the log's folder.</param>
    /// <param name="version">The version, or null for the newest.</param>
    /// <param name="location">The table, for messages.</param>
    /// <exception cref="DeltaException">A commit is missing, or the version is not there.</exception>
    public static LogSegment Of(IReadOnlyList<ObjectInfo> objects, long? version, string location)
    {
        SortedDictionary<long, ObjectInfo> commits = [];
        Dictionary<long, List<Part>> checkpoints = [];
        foreach (ObjectInfo item in objects)
        {
            ReadOnlySpan<char> name = item.Key.AsSpan(item.Key.LastIndexOf('/') + 1);
            if (CommitVersion(name) is { } commit)
            {
                commits.Add(commit, item);
            }
            else if (ParsePart(name, item.Key) is { } part)
            {
                checkpoints.TryAdd(part.Version, []);
                checkpoints[part.Version].Add(part);
            }
        }

        long newest = Math.Max(commits.Count > 0 ? commits.Keys.Last() : -1, checkpoints.Where(pair => Whole(pair.Value).Count > 0).Select(pair => pair.Key).DefaultIfEmpty(-1).Max());
        long wanted = version ?? newest;
        if (newest < 0 || wanted < 0 || wanted > newest)
        {
            throw new DeltaException(newest < 0
                ? $"{location}/{Folder} has no commit: it is no Delta table, or its log was lost"
                : $"{location} has no version {wanted}: the newest is {newest}");
        }

        long from = checkpoints.Where(pair => pair.Key <= wanted && Whole(pair.Value).Count > 0).Select(pair => pair.Key).DefaultIfEmpty(-1).Max();
        List<ObjectInfo> needed = [];
        for (long number = from + 1; number <= wanted; number++)
        {
            needed.Add(commits.TryGetValue(number, out ObjectInfo commit) ? commit : throw Missing(location, number, wanted, commits));
        }

        return new LogSegment(wanted, from < 0 ? [] : Whole(checkpoints[from]), needed);
    }

    private static DeltaException Missing(string location, long number, long wanted, SortedDictionary<long, ObjectInfo> commits) =>
        number == 0 && commits.Count > 0 && commits.Keys.First() > 0
            ? new DeltaException($"{location}/{Folder}/{CommitName(number)} is missing and no checkpoint up to version {wanted} replaces it: the version was cleaned up, or the file was lost")
            : new DeltaException($"{location}/{Folder}/{CommitName(number)} is missing though later commits are there: restore it from a copy");

    private static long? ParseVersion(ReadOnlySpan<char> name) =>
        name.Length > VersionDigits && long.TryParse(name[..VersionDigits], NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : null;

    // VERSION.checkpoint.parquet, VERSION.checkpoint.PART.PARTS.parquet, VERSION.checkpoint.UUID.json|parquet.
    private static Part? ParsePart(ReadOnlySpan<char> name, string key)
    {
        string[] pieces = name.ToString().Split('.');
        if (pieces.Length < 3 || pieces[1] != "checkpoint" || ParseVersion(name) is not { } version || pieces[0].Length != VersionDigits)
        {
            return null;
        }

        return pieces.Length switch
        {
            3 when pieces[2] == "parquet" => new Part(version, 1, 1, key),
            5 when pieces[4] == "parquet"
                && int.TryParse(pieces[2], NumberStyles.None, CultureInfo.InvariantCulture, out int part)
                && int.TryParse(pieces[3], NumberStyles.None, CultureInfo.InvariantCulture, out int parts) => new Part(version, part, parts, key),
            4 when pieces[3] is "json" or "parquet" => new Part(version, 1, 1, key),
            _ => null,
        };
    }

    // The keys of a complete set of parts, of which there may be several for a version; a single file is preferred.
    private static IReadOnlyList<string> Whole(List<Part> parts)
    {
        foreach (IGrouping<int, Part> set in parts.GroupBy(part => part.Parts).OrderBy(set => set.Key))
        {
            List<Part> ordered = [.. set.DistinctBy(part => part.Number).OrderBy(part => part.Number)];
            if (ordered.Count == set.Key && ordered[0].Number == 1 && ordered[^1].Number == set.Key)
            {
                return [.. ordered.Select(part => part.Key)];
            }
        }

        return [];
    }

    private sealed record Part(long Version, int Number, int Parts, string Key);
}
