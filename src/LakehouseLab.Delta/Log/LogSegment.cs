using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Delta.Log;

/// <summary>The files of the log from which a version is read: the newest whole checkpoint before it and all commits after that.</summary>
/// <param name="Version">The version.</param>
/// <param name="Checkpoint">Keys of the checkpoint's parts in order; empty for none.</param>
/// <param name="Commits">The commits after the checkpoint in order.</param>
/// <param name="Committed">When the version's commit was put, or null when that was cleaned up.</param>
internal sealed record LogSegment(long Version, IReadOnlyList<string> Checkpoint, IReadOnlyList<ObjectInfo> Commits, DateTimeOffset? Committed)
{
    /// <summary>Folder of the log below the table's root.</summary>
    public const string Folder = "_delta_log";
}
