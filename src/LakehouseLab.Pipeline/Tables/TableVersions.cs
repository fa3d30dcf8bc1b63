using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>
/// The versions of a lake's tables that a run works with: a log is read once, however many models read the table, and again after the run
/// has committed to it. What others commit meanwhile is seen by the next run, and by the commit that it contradicts.
/// </summary>
/// <param name="lake">The lake.</param>
internal sealed class TableVersions(Lake lake)
{
    private readonly Dictionary<TableName, TableVersion?> _newest = [];
    private readonly Dictionary<(TableName Name, long Version), TableVersion> _older = [];
    private readonly Dictionary<(TableName Name, long After, long Until), TableChanges> _changes = [];

    /// <summary>The lake.</summary>
    public Lake Lake => lake;

    /// <summary>The newest version of a table.</summary>
    /// <returns>It, or null when there is no table.</returns>
    /// <exception cref="DeltaException">The table cannot be read.</exception>
    public async Task<TableVersion?> FindAsync(TableName name, CancellationToken cancellationToken)
    {
        if (!_newest.TryGetValue(name, out TableVersion? found))
        {
            DeltaTable table = new(lake.Store, name.Prefix);
            found = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is { } snapshot ? new TableVersion(name, table, snapshot) : null;
            _newest[name] = found;
        }

        return found;
    }

    /// <summary>The newest version of a table.</summary>
    /// <exception cref="DeltaException">There is no table, or it cannot be read.</exception>
    public async Task<TableVersion> GetAsync(TableName name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken).ConfigureAwait(false) ?? await ReadAsync(name, null, cancellationToken).ConfigureAwait(false);

    /// <summary>A version of a table.</summary>
    /// <exception cref="DeltaException">There is no such version, or it cannot be read.</exception>
    public async Task<TableVersion> GetAsync(TableName name, long version, CancellationToken cancellationToken)
    {
        if (_newest.TryGetValue(name, out TableVersion? newest) && newest?.Snapshot.Version == version)
        {
            return newest;
        }

        if (!_older.TryGetValue((name, version), out TableVersion? found))
        {
            found = await ReadAsync(name, version, cancellationToken).ConfigureAwait(false);
            _older[(name, version)] = found;
        }

        return found;
    }

    /// <summary>What the commits after one version up to another did to a table's rows.</summary>
    /// <exception cref="DeltaException">A commit was cleaned up or lost, is damaged, or added a file that cannot be read.</exception>
    public async Task<TableChanges> GetChangesAsync(TableName name, long after, long until, CancellationToken cancellationToken)
    {
        if (!_changes.TryGetValue((name, after, until), out TableChanges? changes))
        {
            changes = await new DeltaTable(lake.Store, name.Prefix).GetChangesAsync(after, until, cancellationToken).ConfigureAwait(false);
            _changes[(name, after, until)] = changes;
        }

        return changes;
    }

    /// <summary>Reads a table's log again when it is next asked for: the run has committed to it.</summary>
    public void Forget(TableName name)
    {
        if (_newest.Remove(name, out TableVersion? before) && before is not null)
        {
            _older[(name, before.Snapshot.Version)] = before;
        }
    }

    private async Task<TableVersion> ReadAsync(TableName name, long? version, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, name.Prefix);
        return new TableVersion(name, table, await table.GetSnapshotAsync(version, cancellationToken).ConfigureAwait(false));
    }
}
