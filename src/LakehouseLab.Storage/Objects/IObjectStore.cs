using System.Runtime.CompilerServices;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.Objects;

/// <summary>
/// Objects by key below one root. An object is seen whole or not at all, and once an operation has returned it is durable.
/// Safe for concurrent use by threads and processes.
/// </summary>
/// <remarks>Keys are segments separated by <c>/</c>, none of them empty, <c>.</c> or <c>..</c>. Every method throws
/// <see cref="StorageException"/> when the store fails.</remarks>
public interface IObjectStore
{
    /// <summary>What the keys of objects begin with that are on their way to others. Only a prefix that begins so lists them, and who cleans up deletes them.</summary>
    const string Staging = ".staging/";

    /// <summary>The root as a user would write it: a folder or <c>s3://bucket/prefix</c>.</summary>
    string Location { get; }

    /// <summary>Looks whether an object is there.</summary>
    /// <returns>The object, or null when there is none.</returns>
    ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Reads a whole object into memory.</summary>
    /// <returns>Its bytes, or null when there is none.</returns>
    ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading from a place on.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">First byte to read, from 0.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StorageException">There is no such object.</exception>
    ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken);

    /// <summary>A local file with an object's bytes, for libraries that read files by path: the object itself or a staged copy.</summary>
    /// <param name="key">The object.</param>
    /// <param name="lease">Holds a copy in its place.</param>
    /// <param name="cancellationToken">Cancels the fetching.</param>
    /// <returns>The path; valid as long as the lease. Not to be written to.</returns>
    /// <exception cref="StorageException">There is no such object.</exception>
    ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken);

    /// <summary>Lists the objects whose keys begin with a prefix, in ordinal order of their keys.</summary>
    /// <param name="prefix">Empty, or a prefix that ends with <c>/</c>.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Lists the objects whose keys begin with a prefix and come after a key, in ordinal order of their keys. A store that can begins there.</summary>
    /// <param name="prefix">Empty, or a prefix that ends with <c>/</c>.</param>
    /// <param name="after">The key, which need not be there; empty for all objects.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectInfo item in ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (string.CompareOrdinal(item.Key, after) > 0)
            {
                yield return item;
            }
        }
    }

    /// <summary>Puts an object, in place of one that is there.</summary>
    ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Puts an object unless the key is taken: of several at once exactly one succeeds.</summary>
    /// <returns>Whether it was put; false when there was an object already, which is left as it was.</returns>
    ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Begins an object whose bytes are streamed.</summary>
    ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken);

    /// <summary>Begins an object that a library writes as a local file.</summary>
    /// <param name="extension">Extension of the file's name, with the point, or empty.</param>
    StagedFile Stage(string extension);

    /// <summary>Makes a local folder for intermediate files, from which a file can be moved to a staged one without a copy.</summary>
    ScratchFolder CreateScratch();

    /// <summary>Deletes an object; nothing happens when there is none.</summary>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes the place ready to be written to: a bucket that is not there is made. Whoever is about to write calls it; reading makes nothing.</summary>
    ValueTask PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Takes a lock among the processes of this machine. The operating system releases it when the process ends, however it ends.</summary>
    /// <param name="key">Names the lock. In a folder the lock is the file of this key; elsewhere it is a file of this machine.</param>
    /// <returns>The lock, held until it is disposed of; null when it is held already.</returns>
    IDisposable? TryLock(string key);

    /// <summary>Takes a share of a lock: any number of shares can be held at once, and none together with the lock itself.</summary>
    /// <param name="key">Names the lock.</param>
    /// <returns>The share, held until it is disposed of; null when the lock itself is held.</returns>
    IDisposable? TryShareLock(string key);

    /// <summary>Deletes the files of the locks below a prefix. Nobody may hold one, or take one meanwhile.</summary>
    /// <param name="prefix">A prefix that ends with <c>/</c>.</param>
    void DeleteLocks(string prefix);

    /// <summary>Deletes what killed writers left half-written. For a caller who knows that nobody writes to the store.</summary>
    ValueTask DeleteAbandonedAsync(CancellationToken cancellationToken);
}
