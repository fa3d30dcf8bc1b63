using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store that dies like a killed process: from its n-th write on every write fails, and nothing of it is seen.</summary>
internal sealed class FailingStore(IObjectStore inner, int writesUntilDeath) : DelegatingStore(inner)
{
    private int _writes;

    /// <summary>How many writes were tried.</summary>
    public int Writes => _writes;

    public override ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Die(key);
        return base.PutAsync(key, content, cancellationToken);
    }

    public override ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Die(key);
        return base.TryPutAsync(key, content, cancellationToken);
    }

    public override StagedFile Stage(string extension) => new DyingFile(this, base.Stage(extension));

    public override ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Die(key);
        return base.DeleteAsync(key, cancellationToken);
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
