using LakehouseLab.Storage;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store in which another process does something right after a listing, before the first object is read.</summary>
internal sealed class RacingStore(IObjectStore inner) : IObjectStore
{
    /// <summary>What the other does; once.</summary>
    public Func<Task>? BeforeFirstRead { get; set; }

    public string Location => inner.Location;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        if (BeforeFirstRead is { } race)
        {
            BeforeFirstRead = null;
            await race();
        }

        return await inner.ReadAsync(key, cancellationToken);
    }

    public ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => inner.OpenReadAsync(key, offset, cancellationToken);

    public ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken) => inner.GetLocalPathAsync(key, lease, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(key, content, cancellationToken);

    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryPutAsync(key, content, cancellationToken);

    public ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public StagedFile Stage(string extension) => inner.Stage(extension);

    public ScratchFolder CreateScratch() => inner.CreateScratch();

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
