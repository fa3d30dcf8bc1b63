using LakehouseLab.Delta.Log;

namespace LakehouseLab.Delta.Snapshots;

/// <summary>A commit, as history tells of it.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="Timestamp">When, as time travel sees it.</param>
/// <param name="Operation">What was done, or null when the commit does not say.</param>
/// <param name="Parameters">With which parameters.</param>
/// <param name="FilesAdded">Files that it added.</param>
/// <param name="FilesRemoved">Files that it removed.</param>
public sealed record HistoryEntry(
    long Version, DateTimeOffset Timestamp, string? Operation, IReadOnlyDictionary<string, string> Parameters, int FilesAdded, int FilesRemoved)
{
    /// <summary>What the writer's user had to say of it.</summary>
    public string? UserMetadata { get; init; }

    internal static HistoryEntry Of(long version, DateTimeOffset timestamp, IReadOnlyList<DeltaAction> actions)
    {
        CommitInfo? info = actions.OfType<CommitInfo>().FirstOrDefault();
        return new HistoryEntry(
            version,
            timestamp,
            info?.Operation,
            info?.Parameters ?? new Dictionary<string, string>(),
            actions.OfType<AddFile>().Count(),
            actions.OfType<RemoveFile>().Count())
        {
            UserMetadata = info?.UserMetadata,
        };
    }
}
