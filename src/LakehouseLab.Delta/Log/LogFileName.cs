using System.Globalization;

namespace LakehouseLab.Delta.Log;

/// <summary>Names of the files of a log (Delta protocol, "File Types").</summary>
internal static class LogFileName
{
    private const int VersionDigits = 20;

    /// <summary>Name of a commit.</summary>
    public static string OfCommit(long version) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json");

    /// <summary>Name of a checkpoint of one file.</summary>
    public static string OfCheckpoint(long version) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}.checkpoint.parquet");

    /// <summary>What the names of a version's files, and of no older one's, come after.</summary>
    public static string Before(long version) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}");

    /// <summary>Version of a commit by its name, or null when the name is not a commit's.</summary>
    public static long? CommitVersion(string name) => name.Split('.') is [var version, "json"] ? Version(version) : null;

    /// <summary>Which part of a checkpoint a name names, or null when it names none.</summary>
    public static (long Version, int Number, int Count)? CheckpointPart(string name) => name.Split('.') switch
    {
        [var version, "checkpoint", "parquet"] when Version(version) is { } parsed => (parsed, 1, 1),
        [var version, "checkpoint", _, "json" or "parquet"] when Version(version) is { } parsed => (parsed, 1, 1),
        [var version, "checkpoint", var part, var parts, "parquet"] when Version(version) is { } parsed
            && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(parts, NumberStyles.None, CultureInfo.InvariantCulture, out int count) => (parsed, number, count),
        _ => null,
    };

    /// <summary>Version before whose end a file serves, so that a checkpoint of a later version replaces it; null for what is not a file of the log.</summary>
    public static long? ServesUntil(string name) =>
        CommitVersion(name) ?? CheckpointPart(name)?.Version ?? name.Split('.') switch
        {
            [var version, "crc"] => Version(version),
            [var first, _, "compacted", "json"] => Version(first) - 1,
            // What Hadoop's local file system keeps beside each file.
            ["", .. var rest, "crc"] when rest.Length > 1 => ServesUntil(string.Join('.', rest)),
            _ => null,
        };

    private static long? Version(string digits) =>
        digits.Length == VersionDigits && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : null;
}
