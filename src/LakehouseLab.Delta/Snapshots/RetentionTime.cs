using System.Globalization;
using LakehouseLab.Delta.Log;

namespace LakehouseLab.Delta.Snapshots;

/// <summary>Times for which a table keeps what it no longer needs, by its properties.</summary>
internal static class RetentionTime
{
    private const string FilesProperty = "delta.deletedFileRetentionDuration";
    private const string LogProperty = "delta.logRetentionDuration";

    private static readonly TimeSpan s_log = TimeSpan.FromDays(30);

    /// <summary>How long removed files are kept at least (Delta's default).</summary>
    public static TimeSpan LeastOfFiles { get; } = TimeSpan.FromDays(7);

    /// <summary>How long removed files are kept: a week, or longer if the table says so.</summary>
    /// <exception cref="DeltaException">The property is no such time.</exception>
    public static TimeSpan OfFiles(Snapshot snapshot)
    {
        TimeSpan stated = Read(snapshot, FilesProperty) ?? LeastOfFiles;
        return stated > LeastOfFiles ? stated : LeastOfFiles;
    }

    /// <summary>How long commits are kept: 30 days (Delta's default), or what the table says.</summary>
    /// <exception cref="DeltaException">The property is no such time.</exception>
    public static TimeSpan OfLog(Snapshot snapshot) => Read(snapshot, LogProperty) ?? s_log;

    /// <summary>Refuses a table whose times are none: a commit must not find that out once it is made.</summary>
    /// <exception cref="DeltaException">A property is no such time.</exception>
    public static void RefuseUnknown(Snapshot snapshot)
    {
        _ = OfFiles(snapshot);
        _ = OfLog(snapshot);
    }

    private static TimeSpan? Read(Snapshot snapshot, string property) =>
        !snapshot.Metadata.Configuration.TryGetValue(property, out string? text) ? null
        : Parse(text) ?? throw new DeltaException($"{snapshot.Location}: property {property} is '{text}', which is not understood: write it like 'interval 7 days'");

    // Numbers with units, such as 'interval 1 week 12 hours'; the first word may be left out, as Delta itself permits.
    private static TimeSpan? Parse(string text)
    {
        string[] words = text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        words = words is ["interval", ..] ? words[1..] : words;
        TimeSpan sum = TimeSpan.Zero;
        foreach (string[] pair in words.Chunk(2))
        {
            if (pair is not [string number, string unit] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || UnitOf(unit) is not { } one)
            {
                return null;
            }

            sum += count * one;
        }

        return words.Length == 0 ? null : sum;
    }

    private static TimeSpan? UnitOf(string word) => word.TrimEnd('s') switch
    {
        "week" => TimeSpan.FromDays(7),
        "day" => TimeSpan.FromDays(1),
        "hour" => TimeSpan.FromHours(1),
        "minute" => TimeSpan.FromMinutes(1),
        "second" => TimeSpan.FromSeconds(1),
        "millisecond" => TimeSpan.FromMilliseconds(1),
        _ => null,
    };
}
