using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace LakehouseLab.Storage.S3;

/// <summary>What an object says of itself.</summary>
/// <param name="Length">Its size in bytes.</param>
/// <param name="LastModified">When it was put.</param>
/// <param name="ETag">What tells its content from any other's under the same key.</param>
/// <param name="Writer">The mark of who put it, or null.</param>
internal sealed record StoredObject(long Length, DateTimeOffset LastModified, string ETag, string? Writer);

/// <summary>The requests that store and look up objects.</summary>
internal static class S3Requests
{
    /// <summary>Name of the mark by which a writer knows its own object again when the answer to its request was lost.</summary>
    private const string WriterMark = "x-amz-meta-lakelab-writer";

    private const int ConflictAttempts = 8;

    /// <summary>A new mark.</summary>
    public static string NewMark() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Looks an object up.</summary>
    /// <returns>What the server says of the object, or null when there is none.</returns>
    public static Task<StoredObject?> FindAsync(S3Connection s3, string key, CancellationToken cancellationToken) => s3.SendAsync(
        "look for", key,
        async (client, token) =>
        {
            try
            {
                GetObjectMetadataResponse found = await client.GetObjectMetadataAsync(
                    new GetObjectMetadataRequest { BucketName = s3.Bucket, Key = s3.Location.KeyOf(key) }, token).ConfigureAwait(false);
                return (StoredObject?)new StoredObject(found.ContentLength, Instant(found.LastModified), found.ETag, found.Metadata[WriterMark]);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>Puts an object in one request.</summary>
    /// <param name="s3">The connection.</param>
    /// <param name="key">Its key.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="ifAbsent">Whether one that is there stays.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Its ETag; null when the key was taken.</returns>
    public static Task<string?> PutAsync(S3Connection s3, string key, ReadOnlyMemory<byte> content, bool ifAbsent, CancellationToken cancellationToken) =>
        PutAsync(s3, key, () => BodyOf(content), ifAbsent, cancellationToken);

    /// <summary>Puts an object in one request.</summary>
    /// <param name="s3">The connection.</param>
    /// <param name="key">Its key.</param>
    /// <param name="open">Reads its bytes, once for each attempt.</param>
    /// <param name="ifAbsent">Whether one that is there stays.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Its ETag; null when the key was taken.</returns>
    public static Task<string?> PutAsync(S3Connection s3, string key, Func<Stream> open, bool ifAbsent, CancellationToken cancellationToken)
    {
        string mark = NewMark();
        return CreateAsync(
            s3, key, mark,
            async (client, token) =>
            {
                using Stream body = open();
                PutObjectRequest request = new()
                {
                    BucketName = s3.Bucket,
                    Key = s3.Location.KeyOf(key),
                    InputStream = body,
                    UseChunkEncoding = false,
                    IfNoneMatch = ifAbsent ? "*" : null,
                };
                request.Metadata[WriterMark] = mark;
                return (await client.PutObjectAsync(request, token).ConfigureAwait(false)).ETag;
            },
            cancellationToken);
    }

    /// <summary>Sends a request that creates an object unless the key is taken, and finds out whose it is when that is not clear.</summary>
    /// <param name="s3">The connection.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="mark">The mark that the object bears.</param>
    /// <param name="create">Sends the request and gives the object's ETag.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The object's ETag; null when the key was taken by another.</returns>
    public static async Task<string?> CreateAsync(
        S3Connection s3, string key, string mark, Func<AmazonS3Client, CancellationToken, Task<string>> create, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            (string etag, AmazonS3Exception? refusal) = await s3.SendAsync(
                "write", key,
                async (client, token) =>
                {
                    try
                    {
                        return (ETag: await create(client, token).ConfigureAwait(false) ?? string.Empty, Refusal: (AmazonS3Exception?)null);
                    }
                    catch (AmazonS3Exception exception) when (IsUnclear(exception))
                    {
                        return (ETag: string.Empty, Refusal: (AmazonS3Exception?)exception);
                    }
                },
                cancellationToken).ConfigureAwait(false);
            if (refusal is null)
            {
                return etag;
            }

            // A first try whose answer was lost may have put the object: then it bears our mark.
            StoredObject? there = await FindAsync(s3, key, cancellationToken).ConfigureAwait(false);
            if (there is not null)
            {
                return there.Writer == mark ? there.ETag : null;
            }

            // Another's request was under way and failed or its object is gone again. An upload that is gone will not come back.
            if (attempt == ConflictAttempts || refusal.ErrorCode == "NoSuchUpload")
            {
                throw s3.Describe("write", key, refusal);
            }

            await Backoff.WaitAsync(attempt, s3.Options.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Begins an upload in parts.</summary>
    /// <returns>The upload's id.</returns>
    public static Task<string> BeginUploadAsync(S3Connection s3, string key, string mark, CancellationToken cancellationToken) => s3.SendAsync(
        "write", key,
        async (client, token) =>
        {
            InitiateMultipartUploadRequest request = new() { BucketName = s3.Bucket, Key = s3.Location.KeyOf(key) };
            request.Metadata[WriterMark] = mark;
            return (await client.InitiateMultipartUploadAsync(request, token).ConfigureAwait(false)).UploadId;
        },
        cancellationToken);

    /// <summary>A stream over bytes, without a copy where they are an array.</summary>
    private static MemoryStream BodyOf(ReadOnlyMemory<byte> content) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    /// <summary>An instant as the SDK gives it.</summary>
    public static DateTimeOffset Instant(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : default;

    // 412: the key is taken. 409: another's request for the key is under way. NoSuchUpload: completed, by a try whose answer was lost, or aborted.
    private static bool IsUnclear(AmazonS3Exception exception) =>
        exception.StatusCode is HttpStatusCode.PreconditionFailed
        || exception.ErrorCode is "ConditionalRequestConflict" or "NoSuchUpload"
        || (exception.StatusCode == HttpStatusCode.Conflict && exception.ErrorCode is not ("BucketAlreadyExists" or "BucketNotEmpty"));
}
