using LakehouseLab.Storage;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store that tells what is asked of it, and lets a test come between.</summary>
internal sealed class WatchedStore(IObjectStore inner) : IObjectStore
{
    /// <summary>The keys after which listings began.</summary>
    public List<string> ListedAfter { get; } = [];

    /// <summary>What happens before an object is put if it is absent.</summary>
    public Func<string, Task> BeforeTryPut { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Whether deletions are refused.</summary>
    public bool RefusesDeletion { get; set; }

    public string Location => inner.Location;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => inner.OpenReadAsync(key, offset, cancellationToken);

    public ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken) => inner.GetLocalPathAsync(key, lease, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, string.Empty, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string after, CancellationToken cancellationToken)
    {
        ListedAfter.Add(after);
        return inner.ListAsync(prefix, after, cancellationToken);
    }

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(key, content, cancellationToken);

    public async ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await BeforeTryPut(key);
        return await inner.TryPutAsync(key, content, cancellationToken);
    }

    public ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public StagedFile Stage(string extension) => inner.Stage(extension);

    public ScratchFolder CreateScratch() => inner.CreateScratch();

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        RefusesDeletion ? throw new StorageException($"cannot delete {key}: access denied", new UnauthorizedAccessException("denied")) : inner.DeleteAsync(key, cancellationToken);
}
