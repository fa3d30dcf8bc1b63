using LakehouseLab.Delta.Log;

namespace LakehouseLab.Delta;

/// <summary>A commit, as history tells of it.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="Timestamp">When.</param>
/// <param name="Operation">What was done, or null when the commit does not say.</param>
/// <param name="Parameters">With which parameters.</param>
/// <param name="FilesAdded">Files that it added.</param>
/// <param name="FilesRemoved">Files that it removed.</param>
public sealed record HistoryEntry(
    long Version, DateTimeOffset Timestamp, string? Operation, IReadOnlyDictionary<string, string> Parameters, int FilesAdded, int FilesRemoved)
{
    internal static HistoryEntry Of(long version, DateTimeOffset written, IReadOnlyList<DeltaAction> actions)
    {
        CommitInfo? info = actions.OfType<CommitInfo>().FirstOrDefault();
        return new HistoryEntry(
            version,
            info?.Timestamp is { } timestamp and >= 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(timestamp) : written,
            info?.Operation,
            info?.Parameters ?? new Dictionary<string, string>(),
            actions.OfType<AddFile>().Count(),
            actions.OfType<RemoveFile>().Count());
    }
}
