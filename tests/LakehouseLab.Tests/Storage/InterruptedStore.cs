using LakehouseLab.Storage;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store after whose first put something else happens: another writer's turn, or the end of the process.</summary>
internal sealed class InterruptedStore(IObjectStore store, Func<Task> interrupt) : IObjectStore
{
    private bool _isInterrupted;

    public string Location => store.Location;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => store.FindAsync(key, cancellationToken);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => store.OpenReadAsync(key, offset, cancellationToken);

    public ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken) => store.GetLocalPathAsync(key, lease, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => store.ListAsync(prefix, cancellationToken);

    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await store.PutAsync(key, content, cancellationToken);
        if (!_isInterrupted)
        {
            _isInterrupted = true;
            await interrupt();
        }
    }

    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => store.TryPutAsync(key, content, cancellationToken);

    public ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => store.CreateAsync(key, cancellationToken);

    public StagedFile Stage(string extension) => store.Stage(extension);

    public ScratchFolder CreateScratch() => store.CreateScratch();

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);
}
