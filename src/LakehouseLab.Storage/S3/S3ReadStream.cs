using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.S3;

/// <summary>An object's bytes from a place on. A connection that breaks or stands still is opened again where it was, for the same content.</summary>
internal sealed class S3ReadStream : Stream
{
    private const int AttemptsWithoutProgress = 4;

    private readonly S3Connection _s3;
    private readonly string _key;
    private readonly string _etag;
    private GetObjectResponse? _response;
    private long _position;

    private S3ReadStream(S3Connection s3, string key, GetObjectResponse? response, long position, long length)
    {
        _s3 = s3;
        _key = key;
        _response = response;
        _etag = response?.ETag ?? string.Empty;
        _position = position;
        Length = length;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>The object's size in bytes, from its first.</summary>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Opens an object.</summary>
    /// <exception cref="StorageException">There is none, or it cannot be read.</exception>
    public static async Task<S3ReadStream> OpenAsync(S3Connection s3, string key, long offset, CancellationToken cancellationToken)
    {
        try
        {
            GetObjectResponse response = await GetAsync(s3, key, offset, null, cancellationToken).ConfigureAwait(false);
            return new S3ReadStream(s3, key, response, offset, offset + response.ContentLength);
        }
        catch (StorageException exception) when (exception.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            // Nothing is behind the last byte.
            return new S3ReadStream(s3, key, null, offset, offset);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (int attempt = 1; _position < Length && buffer.Length > 0; attempt++)
        {
            try
            {
                _response ??= await GetAsync(_s3, _key, _position, _etag, cancellationToken).ConfigureAwait(false);
                using CancellationTokenSource pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                pause.CancelAfter(_s3.Options.AttemptTimeout);
                int read = await _response.ResponseStream.ReadAsync(buffer, pause.Token).ConfigureAwait(false);
                if (read > 0)
                {
                    _position += read;
                    return read;
                }

                throw new IOException($"the body ended at byte {_position} of {Length}");
            }
            catch (Exception exception) when (S3Failure.Is(exception, cancellationToken))
            {
                Drop();
                if (attempt == AttemptsWithoutProgress)
                {
                    throw _s3.Describe("read", _key, exception);
                }
            }

            await Backoff.WaitAsync(attempt, _s3.Options.Clock, cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Drop();
        }

        base.Dispose(disposing);
    }

    private static Task<GetObjectResponse> GetAsync(S3Connection s3, string key, long offset, string? etag, CancellationToken cancellationToken) => s3.SendAsync(
        "read", key,
        (client, token) => client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = s3.Bucket,
                Key = s3.Location.KeyOf(key),
                ByteRange = offset == 0 ? null : new ByteRange($"bytes={offset}-"),
                EtagToMatch = etag,
            },
            token),
        cancellationToken);

    private void Drop()
    {
        _response?.Dispose();
        _response = null;
    }
}
