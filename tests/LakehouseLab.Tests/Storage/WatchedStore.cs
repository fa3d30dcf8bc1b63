using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store that tells what is asked of it, and lets a test come between.</summary>
internal sealed class WatchedStore(IObjectStore inner) : DelegatingStore(inner)
{
    /// <summary>The keys after which listings began.</summary>
    public List<string> ListedAfter { get; } = [];

    /// <summary>What happens before an object is put if it is absent.</summary>
    public Func<string, Task> BeforeTryPut { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Whether deletions are refused.</summary>
    public bool RefusesDeletion { get; set; }

    public override IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, string.Empty, cancellationToken);

    public override IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string after, CancellationToken cancellationToken)
    {
        ListedAfter.Add(after);
        return base.ListAsync(prefix, after, cancellationToken);
    }

    public override async ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await BeforeTryPut(key);
        return await base.TryPutAsync(key, content, cancellationToken);
    }

    public override ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        RefusesDeletion ? throw new StorageException($"cannot delete {key}: access denied", new UnauthorizedAccessException("denied")) : base.DeleteAsync(key, cancellationToken);
}
