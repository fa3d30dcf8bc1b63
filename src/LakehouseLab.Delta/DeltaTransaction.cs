using System.Security.Cryptography;
using LakehouseLab.Delta.Checkpoints;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Delta;

/// <summary>
/// Changes to a table that become one version, or none. Commits are put-if-absent, so of several writers one has each
/// version; a blind append then moves behind the others, as does a rearrangement of files that are still there; everything
/// else is a conflict. Not thread-safe.
/// </summary>
public sealed class DeltaTransaction
{
    /// <summary>A checkpoint is written with every version that is a multiple of this.</summary>
    public const int CheckpointInterval = 10;

    private readonly DeltaTable _table;
    private readonly Snapshot? _base;
    private readonly TimeProvider _clock;
    private readonly List<AddFile> _adds = [];
    private readonly List<RemoveFile> _removes = [];
    private readonly Dictionary<string, SetTransaction> _transactions = new(StringComparer.Ordinal);
    private TableMetadata? _metadata;

    private DeltaTransaction(DeltaTable table, Snapshot? snapshot, TableMetadata? metadata, TimeProvider clock)
    {
        _table = table;
        _base = snapshot;
        _metadata = metadata;
        _clock = clock;
    }

    /// <summary>Begins a change of a version of a table.</summary>
    /// <exception cref="DeltaException">The table uses a feature that this library cannot write, or has a property that it does not understand.</exception>
    public static DeltaTransaction Begin(DeltaTable table, Snapshot snapshot, TimeProvider clock)
    {
        Features.RefuseUnwritable(snapshot);
        RetentionTime.RefuseUnknown(snapshot);
        return new DeltaTransaction(table, snapshot, null, clock);
    }

    /// <summary>Begins a new table.</summary>
    public static DeltaTransaction Create(DeltaTable table, TableMetadata metadata, TimeProvider clock) => new(table, null, metadata, clock);

    /// <summary>Adds a data file, which is there already.</summary>
    public void Add(AddFile file) => _adds.Add(file);

    /// <summary>Removes a data file.</summary>
    /// <param name="file">One of the snapshot's files.</param>
    /// <param name="dataChange">Whether its rows leave the table, and do not go to added files.</param>
    /// <exception cref="DeltaException">The table is append-only.</exception>
    public void Remove(AddFile file, bool dataChange)
    {
        if (dataChange && _base!.Metadata.Configuration.TryGetValue("delta.appendOnly", out string? appendOnly)
            && string.Equals(appendOnly, "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new DeltaException($"{_table.Location} is append-only (delta.appendOnly): rows cannot be removed or replaced");
        }

        _removes.Add(new RemoveFile(file.Path, _clock.GetUtcNow().ToUnixTimeMilliseconds(), dataChange) { Spelling = file.Spelling });
    }

    /// <summary>Records how far an application has written.</summary>
    public void SetTransaction(string appId, long version) =>
        _transactions[appId] = new SetTransaction(appId, version, _clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Appends a column that may be absent: files that are older have null for it.</summary>
    /// <exception cref="DeltaException">The column is there already or may not be absent.</exception>
    public void AddColumn(Schema.StructField field)
    {
        TableMetadata current = _metadata ?? _base!.Metadata;
        if (!field.Nullable || current.Schema.Find(field.Name) is not null)
        {
            throw new DeltaException($"{_table.Location}: column '{field.Name}' cannot be added, since it {(field.Nullable ? "is there already" : "may not be absent in older files")}");
        }

        _metadata = current with { Schema = new Schema.StructType([.. current.Schema.Fields, field]) };
    }

    /// <summary>Sets a property of the table.</summary>
    public void SetProperty(string name, string value)
    {
        TableMetadata current = _metadata ?? _base!.Metadata;
        _metadata = current with { Configuration = new Dictionary<string, string>(current.Configuration) { [name] = value } };
    }

    /// <summary>Makes the changes a version.</summary>
    /// <param name="operation">Name of the operation, for the history.</param>
    /// <param name="parameters">Its parameters, for the history.</param>
    /// <param name="cancellationToken">Cancels before the commit is written, never after.</param>
    /// <exception cref="DeltaException">The table cannot be read.</exception>
    /// <exception cref="StorageException">The store failed. The version may be committed: a <c>txn</c> tells.</exception>
    public async Task<CommitResult> CommitAsync(string operation, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        string commitId = new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
        List<DeltaAction> actions = [new CommitInfo(_clock.GetUtcNow().ToUnixTimeMilliseconds(), operation, parameters, commitId, InCommitTimestamp: null)];
        actions.AddRange(_base is null ? [Protocol.Basic] : []);
        actions.AddRange(_metadata is null ? [] : [_metadata]);
        actions.AddRange(_transactions.Values);
        actions.AddRange(_removes);
        actions.AddRange(_adds);
        byte[] json = ActionWriter.Write(actions);
        for (long version = (_base?.Version ?? -1) + 1; ; version++)
        {
            string key = _table.LogKeyOf(LogFileName.OfCommit(version));
            if (await _table.Store.TryPutAsync(key, json, cancellationToken).ConfigureAwait(false))
            {
                // The version is committed: a cancellation from here on must not look as if it did not.
                await CheckpointAsync(version, CancellationToken.None).ConfigureAwait(false);
                return new CommitResult.Committed(version);
            }

            List<DeltaAction> winner = await _table.ReadCommitAsync(key, cancellationToken).ConfigureAwait(false);
            if (winner.OfType<CommitInfo>().Any(info => info.CommitId == commitId))
            {
                // A retry below met our own commit.
                return new CommitResult.Committed(version);
            }

            if (ConflictWith(winner) is { } reason)
            {
                return new CommitResult.Conflict(version, reason);
            }
        }
    }

    private string? ConflictWith(IReadOnlyList<DeltaAction> winner)
    {
        bool blindAppend = _removes.Count == 0 && _metadata is null;
        bool rearranges = _metadata is null && _removes.TrueForAll(file => !file.DataChange) && _adds.TrueForAll(file => !file.DataChange);
        return winner.OfType<Protocol>().Any() ? "the table's protocol was changed"
            : winner.OfType<TableMetadata>().Any() ? "the table's schema or properties were changed"
            : winner.OfType<SetTransaction>().FirstOrDefault(other => _transactions.ContainsKey(other.AppId)) is { } other ? $"'{other.AppId}' wrote to the table"
            : blindAppend ? null
            : rearranges ? (winner.OfType<RemoveFile>().IntersectBy(_removes.Select(file => file.Path), file => file.Path).Any() ? "files that are to be rewritten were removed" : null)
            : winner.OfType<AddFile>().Any() || winner.OfType<RemoveFile>().Any() ? "rows were added or removed"
            : null;
    }

    private async Task CheckpointAsync(long version, CancellationToken cancellationToken)
    {
        if (version == 0 || version % CheckpointInterval != 0)
        {
            return;
        }

        Snapshot snapshot = await _table.GetSnapshotAsync(version, cancellationToken).ConfigureAwait(false);
        long keepFrom = _clock.GetUtcNow().ToUnixTimeMilliseconds() - (long)RetentionTime.OfFiles(snapshot).TotalMilliseconds;
        List<DeltaAction> state =
        [
            snapshot.Protocol,
            snapshot.Metadata,
            .. snapshot.Transactions,
            .. snapshot.Files,
            .. snapshot.Tombstones.Where(file => (file.DeletionTimestamp ?? 0) >= keepFrom),
        ];
        using StagedFile staged = _table.Store.Stage(".parquet");
        CheckpointWriter.Write(staged.Path, state);
        long size = new FileInfo(staged.Path).Length;

        // Another writer's checkpoint of the same version says the same.
        await staged.TryPublishAsync(_table.LogKeyOf(LogFileName.OfCheckpoint(version)), cancellationToken).ConfigureAwait(false);
        string hint = _table.LogKeyOf(LastCheckpoint.Name);
        ObjectInfo? earlier = await _table.Store.FindAsync(hint, cancellationToken).ConfigureAwait(false);
        await _table.Store.PutAsync(hint, new LastCheckpoint(version, state.Count, size).ToJson(), cancellationToken).ConfigureAwait(false);
        await CleanUpAsync(snapshot, earlier, cancellationToken).ConfigureAwait(false);
    }

    private async Task CleanUpAsync(Snapshot snapshot, ObjectInfo? earlier, CancellationToken cancellationToken)
    {
        // What is expired changes at midnight: one listing of the whole log a day is enough, however often is committed.
        if (earlier?.LastModified.UtcDateTime.Date == _clock.GetUtcNow().UtcDateTime.Date)
        {
            return;
        }

        try
        {
            await LogCleanup.RunAsync(_table, snapshot, _clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            // The version is committed, even for a user who may not delete: what is left over goes with a later checkpoint.
        }
    }
}
