using LakehouseLab.Storage;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store that dies like a killed process: from its n-th write on every write fails, and nothing of it is seen.</summary>
internal sealed class FailingStore(IObjectStore inner, int writesUntilDeath) : IObjectStore
{
    private int _writes;

    /// <summary>How many writes were tried.</summary>
    public int Writes => _writes;

    public string Location => inner.Location;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => inner.OpenReadAsync(key, offset, cancellationToken);

    public ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken) => inner.GetLocalPathAsync(key, lease, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Die(key);
        return inner.PutAsync(key, content, cancellationToken);
    }

    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Die(key);
        return inner.TryPutAsync(key, content, cancellationToken);
    }

    public ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public StagedFile Stage(string extension) => new DyingFile(this, inner.Stage(extension));

    public ScratchFolder CreateScratch() => inner.CreateScratch();

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Die(key);
        return inner.DeleteAsync(key, cancellationToken);
    }

    private void Die(string key)
    {
        if (Interlocked.Increment(ref _writes) > writesUntilDeath)
        {
            throw new StorageException($"cannot write {key}: this store is dead", new IOException("dead"));
        }
    }

    private sealed class DyingFile(FailingStore store, StagedFile staged) : StagedFile
    {
        public override string Path => staged.Path;

        public override ValueTask<bool> TryPublishAsync(string key, CancellationToken cancellationToken)
        {
            store.Die(key);
            return staged.TryPublishAsync(key, cancellationToken);
        }

        protected override void Dispose(bool disposing) => staged.Dispose();
    }
}
