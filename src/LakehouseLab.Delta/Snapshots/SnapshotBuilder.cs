using LakehouseLab.Delta.Log;

namespace LakehouseLab.Delta.Snapshots;

/// <summary>Replays actions into the state of a table (Delta protocol, "Action Reconciliation").</summary>
internal sealed class SnapshotBuilder
{
    private readonly Dictionary<string, AddFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AddFile> _spelled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RemoveFile> _tombstones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SetTransaction> _transactions = new(StringComparer.Ordinal);
    private Protocol? _protocol;
    private TableMetadata? _metadata;
    private DateTimeOffset? _vouched;

    public void Apply(IEnumerable<DeltaAction> actions)
    {
        // Within a commit a removal and an addition of the same path mean that the path holds the added file.
        List<AddFile> added = [];
        _vouched = null;
        foreach (DeltaAction action in actions)
        {
            switch (action)
            {
                case AddFile add:
                    added.Add(add);
                    break;
                case RemoveFile remove:
                    _files.Remove(remove.Path);
                    _spelled.Remove(remove.Spelling);
                    _tombstones[remove.Path] = remove;
                    break;
                case TableMetadata metadata:
                    _metadata = metadata;
                    break;
                case Protocol protocol:
                    _protocol = protocol;
                    break;
                case CommitInfo info:
                    _vouched = info.VouchedTime;
                    break;
                case SetTransaction transaction:
                    _transactions[transaction.AppId] = transaction;
                    break;
            }
        }

        foreach (AddFile add in added)
        {
            _files[add.Path] = add;
            _spelled[add.Spelling] = add;
            _tombstones.Remove(add.Path);
        }
    }

    /// <summary>The state.</summary>
    /// <exception cref="DeltaException">It is not whole, or needs a feature that is not supported.</exception>
    public Snapshot Build(string location, long version, DateTimeOffset? committed)
    {
        if (_protocol is null || _metadata is null)
        {
            throw new DeltaException($"{location}/{LogSegment.Folder} up to version {version} holds no {(_protocol is null ? "protocol" : "metaData")} action: the log is damaged, restore it from a copy");
        }

        Features.RefuseUnreadable(location, _protocol, _metadata);
        Features.RefuseDeletionVectors(location, _files.Values);
        return new Snapshot(
            location, version, _vouched ?? committed, _protocol, _metadata,
            [.. _files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)],
            [.. _tombstones.Values.OrderBy(file => file.Path, StringComparer.Ordinal)],
            _transactions)
        {
            OtherSpellings = [.. _spelled.Values.Where(file => !_files.TryGetValue(file.Path, out AddFile? listed) || listed.Spelling != file.Spelling)],
        };
    }
}
