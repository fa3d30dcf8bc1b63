using LakehouseLab.Storage;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store that notes which objects are opened to be read.</summary>
internal sealed class ReadCounter(IObjectStore inner) : IObjectStore
{
    /// <summary>Keys of the raw objects that were opened, in order.</summary>
    public List<string> Opened { get; } = [];

    public string Location => inner.Location;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        Opened.AddRange(key.StartsWith("raw/", StringComparison.Ordinal) ? [key] : []);
        return inner.OpenReadAsync(key, offset, cancellationToken);
    }

    public ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken) => inner.GetLocalPathAsync(key, lease, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(key, content, cancellationToken);

    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryPutAsync(key, content, cancellationToken);

    public ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public StagedFile Stage(string extension) => inner.Stage(extension);

    public ScratchFolder CreateScratch() => inner.CreateScratch();

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
