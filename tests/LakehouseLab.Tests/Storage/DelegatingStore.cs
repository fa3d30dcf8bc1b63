using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store that hands everything on to another, of which tests change single calls.</summary>
internal abstract class DelegatingStore(IObjectStore inner) : IObjectStore
{
    public string Location => inner.Location;

    public virtual ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public virtual ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public virtual ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => inner.OpenReadAsync(key, offset, cancellationToken);

    public virtual ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken) => inner.GetLocalPathAsync(key, lease, cancellationToken);

    public virtual IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public virtual IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string after, CancellationToken cancellationToken) => inner.ListAsync(prefix, after, cancellationToken);

    public virtual ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(key, content, cancellationToken);

    public virtual ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryPutAsync(key, content, cancellationToken);

    public virtual ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public virtual StagedFile Stage(string extension) => inner.Stage(extension);

    public virtual ScratchFolder CreateScratch() => inner.CreateScratch();

    public virtual ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public virtual ValueTask PrepareAsync(CancellationToken cancellationToken) => inner.PrepareAsync(cancellationToken);

    public virtual IDisposable? TryLock(string key) => inner.TryLock(key);

    public virtual IDisposable? TryShareLock(string key) => inner.TryShareLock(key);

    public virtual void DeleteLocks(string prefix) => inner.DeleteLocks(prefix);

    public virtual ValueTask DeleteAbandonedAsync(CancellationToken cancellationToken) => inner.DeleteAbandonedAsync(cancellationToken);
}
