using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Files;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Storage.S3;

/// <summary>
/// Objects below a prefix of an S3 bucket. Put-if-absent is S3's own (<c>If-None-Match: *</c>), among any machines. Big objects
/// travel in parts, some at once. Libraries that need files get copies in a bounded local folder. A bucket that is not there
/// reads as an empty one; writing to it fails until <see cref="PrepareAsync"/> has made it.
/// </summary>
public sealed class S3Store : IObjectStore
{
    // No upload takes as long, on whatever machine.
    private static readonly TimeSpan s_abandoned = TimeSpan.FromDays(1);

    private readonly S3Connection _s3;
    private readonly LocalCopies _copies;
    private bool _bucketIsThere;

    /// <summary>Opens a store; nothing is sent yet.</summary>
    /// <param name="location">The bucket and prefix.</param>
    /// <param name="options">How it is reached.</param>
    public S3Store(S3Location location, S3Options options)
    {
        _s3 = new S3Connection(location, options);
        _copies = new LocalCopies(Path.Combine(options.CacheFolder, "copies"), options.CacheBytes, options.Clock);
    }

    /// <inheritdoc/>
    public string Location => _s3.Location.ToString();

    // One for each store, named so that any bucket and prefix can be.
    private string LockFolder => Path.Combine(
        _s3.Options.CacheFolder, "locks", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_s3.Server} {Location}")).AsSpan(0, 16)));

    private LocalWorkspace Workspace => LocalWorkspace.Below(Path.Combine(_s3.Options.CacheFolder, "work"));

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) =>
        await S3Requests.FindAsync(_s3, Checked(key), cancellationToken).ConfigureAwait(false) is { } found
            ? new ObjectInfo(key, found.Length, found.LastModified)
            : null;

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            S3ReadStream stream = await S3ReadStream.OpenAsync(_s3, Checked(key), 0, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)stream.Length));
                await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
                return bytes;
            }
        }
        catch (StorageException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) =>
        await S3ReadStream.OpenAsync(_s3, Checked(key), offset, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken)
    {
        StoredObject found = await S3Requests.FindAsync(_s3, Checked(key), cancellationToken).ConfigureAwait(false)
            ?? throw _s3.Describe("read", key, new AmazonS3Exception("no such key") { StatusCode = HttpStatusCode.NotFound, ErrorCode = "NoSuchKey" });
        return await GuardLocalAsync(
            "copy", key,
            () => _copies.GetAsync(NameOf(key, found.ETag, found.Length), found.Length, lease, () => FetchAsync(key, cancellationToken), cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, string.Empty, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>S3 orders by UTF-8 bytes, which is ordinal order for all that is not beyond the basic plane of Unicode. What
    /// others put there under names that are not keys is left out.</remarks>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int root = _s3.Location.KeyOf(string.Empty).Length;
        ListObjectsV2Request request = new() { BucketName = _s3.Bucket, Prefix = _s3.Location.KeyOf(prefix), StartAfter = after.Length == 0 ? null : _s3.Location.KeyOf(after) };
        bool listsStaging = prefix.StartsWith(IObjectStore.Staging, StringComparison.Ordinal);
        ListObjectsV2Response? page;
        do
        {
            page = await ListPageAsync(prefix, request, cancellationToken).ConfigureAwait(false);
            foreach (S3Object item in page?.S3Objects ?? [])
            {
                string key = item.Key[root..];
                if (ObjectKey.IsValid(key) && (listsStaging || !key.StartsWith(IObjectStore.Staging, StringComparison.Ordinal)))
                {
                    yield return new ObjectInfo(key, item.Size ?? 0, S3Requests.Instant(item.LastModified));
                }
            }

            request.ContinuationToken = page?.NextContinuationToken;
        }
        while (page?.IsTruncated is true);
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await S3Requests.PutAsync(_s3, Checked(key), content, ifAbsent: false, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await S3Requests.PutAsync(_s3, Checked(key), content, ifAbsent: true, cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => new(new S3ObjectWriter(_s3, Checked(key)));

    /// <inheritdoc/>
    public StagedFile Stage(string extension) => new S3StagedFile(this, _s3, Workspace.NewPath(extension));

    /// <inheritdoc/>
    public ScratchFolder CreateScratch() => new(Directory.CreateDirectory(Workspace.NewPath(string.Empty)).FullName);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => await _s3.SendAsync(
        "delete", Checked(key),
        async (client, token) =>
        {
            try
            {
                await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _s3.Bucket, Key = _s3.Location.KeyOf(key) }, token).ConfigureAwait(false);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                // No bucket, no object.
            }

            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        _bucketIsThere = _bucketIsThere || await _s3.SendAsync(
            "make the bucket of", string.Empty,
            async (client, token) => await IsThereAsync(client, token).ConfigureAwait(false) || await MakeAsync(client, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>It holds among the processes of a user on this machine; of writers on several, put-if-absent lets one win each object.</remarks>
    public IDisposable? TryLock(string key) => LocalLock.TryTake(LockPathOf(key), LockFolder);

    /// <inheritdoc/>
    public IDisposable? TryShareLock(string key) => LocalLock.TryShare(LockPathOf(key), LockFolder);

    /// <inheritdoc/>
    public void DeleteLocks(string prefix) => LocalLock.DeleteAll(LockPathOf(prefix.TrimEnd('/')), LockFolder);

    /// <inheritdoc/>
    /// <remarks>Uploads of a day ago are, since writers on other machines may be at work.</remarks>
    public async ValueTask DeleteAbandonedAsync(CancellationToken cancellationToken)
    {
        await AbortAbandonedAsync(s_abandoned, cancellationToken).ConfigureAwait(false);
        DateTimeOffset before = _s3.Options.Clock.GetUtcNow() - s_abandoned;
        await foreach (ObjectInfo item in ListAsync(IObjectStore.Staging, cancellationToken).ConfigureAwait(false))
        {
            if (item.LastModified < before)
            {
                await DeleteAsync(item.Key, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Aborts uploads below the store's prefix that were not completed.</summary>
    /// <param name="olderThan">Their age at least.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>How many.</returns>
    internal Task<int> AbortAbandonedAsync(TimeSpan olderThan, CancellationToken cancellationToken) =>
        AbandonedUploads.AbortAsync(_s3, _s3.Options.Clock.GetUtcNow() - olderThan, cancellationToken);

    /// <summary>Keeps an uploaded file as the copy of its object. It is moved.</summary>
    internal void Keep(string key, string etag, long length, string path)
    {
        try
        {
            _copies.Adopt(NameOf(key, etag, length), path, length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The object stands: whoever needs a copy fetches it.
        }
    }

    private string LockPathOf(string key) => Path.Combine(LockFolder, Checked(key));

    private static string Checked(string key)
    {
        ObjectKey.Check(key);
        return key;
    }

    private string NameOf(string key, string etag, long length) => LocalCopies.NameOf(FormattableString.Invariant($"{_s3.Server}\n{_s3.PlaceOf(key)}\n{etag}\n{length}"));

    private async Task<string> FetchAsync(string key, CancellationToken cancellationToken)
    {
        string path = Workspace.NewPath(Path.GetExtension(key));
        try
        {
            S3ReadStream stream = await S3ReadStream.OpenAsync(_s3, key, 0, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                await using (file.ConfigureAwait(false))
                {
                    await stream.CopyToAsync(file, 1 << 18, cancellationToken).ConfigureAwait(false);
                }
            }

            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private Task<ListObjectsV2Response?> ListPageAsync(string prefix, ListObjectsV2Request request, CancellationToken cancellationToken) => _s3.SendAsync(
        "list", prefix,
        async (client, token) =>
        {
            try
            {
                return (ListObjectsV2Response?)await client.ListObjectsV2Async(request, token).ConfigureAwait(false);
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchBucket")
            {
                return null;
            }
        },
        cancellationToken);

    private async Task<bool> IsThereAsync(AmazonS3Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.HeadBucketAsync(new HeadBucketRequest { BucketName = _s3.Bucket }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            // Whoever may not look at the bucket may still write to it: the writes tell.
            return exception.StatusCode == HttpStatusCode.Forbidden;
        }
    }

    private async Task<bool> MakeAsync(AmazonS3Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.PutBucketAsync(new PutBucketRequest { BucketName = _s3.Bucket, UseClientRegion = _s3.Options.Endpoint is null }, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "BucketAlreadyOwnedByYou" or "BucketAlreadyExists" or "OperationAborted")
        {
            // Another made it meanwhile.
        }

        return true;
    }

    private static async Task<T> GuardLocalAsync<T>(string verb, string key, Func<Task<T>> operation)
    {
        try
        {
            return await operation().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFailure.Describe($"{verb} to the local folder", key, exception);
        }
    }
}
