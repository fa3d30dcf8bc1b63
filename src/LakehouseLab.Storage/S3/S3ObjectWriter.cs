using Amazon.S3.Model;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Storage.S3;

/// <summary>
/// An object that travels while it is made: in one request when it is small, in parts otherwise, some at once. At most a part
/// is held beside those that travel, and those are bounded for the process as a whole.
/// </summary>
internal sealed class S3ObjectWriter(S3Connection s3, string key) : ObjectWriter
{
    private const int PartsOfTheProcess = 4;

    // S3 has numbers from 1 to 10,000 for parts.
    private const int MostParts = 10_000;

    private static readonly SemaphoreSlim s_travelling = new(PartsOfTheProcess);

    private readonly string _mark = S3Requests.NewMark();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(s3.Options.PartsAtOnce);
    private readonly List<Task<PartETag>> _parts = [];
    private PartBytes _bytes = new();
    private string? _upload;
    private bool _completed;

    /// <summary>The ETag of the object that was made, or null.</summary>
    public string? ETag { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            // A part goes when more follows it: an object of exactly one part is small.
            if (_bytes.Length == PartSize)
            {
                await SendPartAsync(cancellationToken).ConfigureAwait(false);
            }

            int taken = Math.Min(bytes.Length, PartSize - _bytes.Length);
            _bytes.Append(bytes.Span[..taken]);
            bytes = bytes[taken..];
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TryCompleteAsync(CancellationToken cancellationToken)
    {
        if (_upload is null)
        {
            ETag = await S3Requests.PutAsync(s3, key, _bytes.Open, ifAbsent: true, cancellationToken).ConfigureAwait(false);
            return ETag is not null;
        }

        await SendPartAsync(cancellationToken).ConfigureAwait(false);
        List<PartETag> parts = [.. await Task.WhenAll(_parts).WaitAsync(cancellationToken).ConfigureAwait(false)];
        ETag = await S3Requests.CreateAsync(
            s3, key, _mark,
            async (client, token) => (await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = s3.Bucket,
                    Key = s3.Location.KeyOf(key),
                    UploadId = _upload,
                    PartETags = parts,
                    IfNoneMatch = "*",
                },
                token).ConfigureAwait(false)).ETag,
            cancellationToken).ConfigureAwait(false);
        _completed = ETag is not null;
        return _completed;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(_parts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_upload is not null && !_completed)
        {
            await AbandonedUploads.TryAbortAsync(s3, key, _upload).ConfigureAwait(false);
        }

        _bytes.Dispose();
        _places.Dispose();
        _stop.Dispose();
    }

    private int PartSize => s3.Options.PartSize;

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        if (_parts.Find(static part => part.IsFaulted) is { } failed)
        {
            await failed.ConfigureAwait(false);
        }

        if (_parts.Count == MostParts)
        {
            throw new StorageException($"cannot write {s3.PlaceOf(key)}: it has more than {MostParts} parts: give a smaller --max-chunk-size", new InvalidOperationException());
        }

        _upload ??= await S3Requests.BeginUploadAsync(s3, key, _mark, cancellationToken).ConfigureAwait(false);
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        PartBytes part = _bytes;
        _bytes = new PartBytes();
        _parts.Add(UploadAsync(_parts.Count + 1, part));
    }

    // Before the part is let go of, so that writers who wait hold one part each and no more.
    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            await s_travelling.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _places.Release();
            throw;
        }
    }

    private async Task<PartETag> UploadAsync(int number, PartBytes part)
    {
        try
        {
            return await s3.SendAsync("write", key, (client, token) => UploadAsync(client, number, part, token), _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            part.Dispose();
            s_travelling.Release();
            _places.Release();
        }
    }

    private async Task<PartETag> UploadAsync(Amazon.S3.AmazonS3Client client, int number, PartBytes part, CancellationToken cancellationToken)
    {
        using Stream body = part.Open();
        UploadPartResponse response = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = s3.Bucket,
                Key = s3.Location.KeyOf(key),
                UploadId = _upload,
                PartNumber = number,
                PartSize = part.Length,
                InputStream = body,
                UseChunkEncoding = false,
            },
            cancellationToken).ConfigureAwait(false);
        return new PartETag(number, response.ETag);
    }
}
