using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.S3;

/// <summary>Uploads in parts that were begun and not completed: nobody sees them, but they take room.</summary>
internal static class AbandonedUploads
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Drops an upload. Whoever gave up on it is not held up by a server that is gone: what stays is aborted later.</summary>
    public static async Task TryAbortAsync(S3Connection s3, string key, string upload)
    {
        using CancellationTokenSource patience = new(s_patience);
        try
        {
            await AbortAsync(s3, s3.Location.KeyOf(key), upload, patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StorageException or OperationCanceledException)
        {
            // As said above.
        }
    }

    /// <summary>Aborts the uploads below the store's prefix that were begun before an instant.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> AbortAsync(S3Connection s3, DateTimeOffset before, CancellationToken cancellationToken)
    {
        int aborted = 0;
        string prefix = s3.Location.KeyOf(string.Empty);

        // MinIO takes a prefix for a whole key here, and lists all uploads of the bucket without one.
        ListMultipartUploadsRequest request = new() { BucketName = s3.Bucket, Prefix = s3.Options.Endpoint is null ? prefix : null };
        ListMultipartUploadsResponse? page;
        do
        {
            page = await ListAsync(s3, request, cancellationToken).ConfigureAwait(false);
            foreach (MultipartUpload upload in page?.MultipartUploads ?? [])
            {
                if (S3Requests.Instant(upload.Initiated) < before && upload.Key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    await AbortAsync(s3, upload.Key, upload.UploadId, cancellationToken).ConfigureAwait(false);
                    aborted++;
                }
            }

            request.KeyMarker = page?.NextKeyMarker;
            request.UploadIdMarker = page?.NextUploadIdMarker;
        }
        while (page?.IsTruncated is true);
        return aborted;
    }

    // Null where there is no bucket yet, for whoever may not list them, or at a server that cannot: writing needs no such permission.
    private static Task<ListMultipartUploadsResponse?> ListAsync(S3Connection s3, ListMultipartUploadsRequest request, CancellationToken cancellationToken) => s3.SendAsync(
        "list the uploads below", string.Empty,
        async (client, token) =>
        {
            try
            {
                return (ListMultipartUploadsResponse?)await client.ListMultipartUploadsAsync(request, token).ConfigureAwait(false);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
            {
                return null;
            }
        },
        cancellationToken);

    private static Task<AbortMultipartUploadResponse?> AbortAsync(S3Connection s3, string wholeKey, string upload, CancellationToken cancellationToken) => s3.SendAsync(
        "drop the upload of", wholeKey,
        async (client, token) =>
        {
            try
            {
                return (AbortMultipartUploadResponse?)await client.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = s3.Bucket, Key = wholeKey, UploadId = upload }, token).ConfigureAwait(false);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                // It is gone already, which is what is wanted.
                return null;
            }
        },
        cancellationToken);
}
