using System.Buffers;
using Amazon.S3.Model;

namespace LakehouseLab.Storage.S3;

/// <summary>
/// An object that travels while it is made: in one request when it is small, in parts otherwise, some at once. At most a part
/// is held beside those that travel, and those are bounded for the process as a whole.
/// </summary>
internal sealed class S3ObjectWriter(S3Connection s3, string key) : ObjectWriter
{
    private const int FirstBuffer = 1 << 16;
    private const int PartsOfTheProcess = 8;

    // S3 has numbers from 1 to 10,000 for parts.
    private const int MostParts = 10_000;

    private static readonly SemaphoreSlim s_travelling = new(PartsOfTheProcess);

    private readonly string _mark = S3Requests.NewMark();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(s3.Options.PartsAtOnce);
    private readonly List<Task<PartETag>> _parts = [];
    private byte[] _buffer = [];
    private int _length;
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
            if (_length == PartSize)
            {
                await SendPartAsync(cancellationToken).ConfigureAwait(false);
            }

            int taken = Math.Min(bytes.Length, PartSize - _length);
            Grow(_length + taken);
            bytes[..taken].CopyTo(_buffer.AsMemory(_length));
            _length += taken;
            bytes = bytes[taken..];
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TryCompleteAsync(CancellationToken cancellationToken)
    {
        if (_upload is null)
        {
            ETag = await S3Requests.PutAsync(s3, key, _buffer.AsMemory(0, _length), ifAbsent: true, cancellationToken).ConfigureAwait(false);
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

        Return(_buffer);
        _buffer = [];
        _places.Dispose();
        _stop.Dispose();
    }

    private int PartSize => s3.Options.PartSize;

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Doubles, so that many slow writers at once hold little.
    private void Grow(int needed)
    {
        if (_buffer.Length < needed)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(PartSize, Math.Max(FirstBuffer, Math.Max(needed, _length * 2))));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            Return(_buffer);
            _buffer = larger;
        }
    }

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
        (byte[] buffer, int length) = (_buffer, _length);
        (_buffer, _length) = ([], 0);
        _parts.Add(UploadAsync(_parts.Count + 1, buffer, length));
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

    private async Task<PartETag> UploadAsync(int number, byte[] buffer, int length)
    {
        try
        {
            return await s3.SendAsync("write", key, (client, token) => UploadAsync(client, number, buffer.AsMemory(0, length), token), _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            Return(buffer);
            s_travelling.Release();
            _places.Release();
        }
    }

    private async Task<PartETag> UploadAsync(Amazon.S3.AmazonS3Client client, int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using Stream body = S3Requests.BodyOf(content);
        UploadPartResponse response = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = s3.Bucket,
                Key = s3.Location.KeyOf(key),
                UploadId = _upload,
                PartNumber = number,
                PartSize = content.Length,
                InputStream = body,
                UseChunkEncoding = false,
            },
            cancellationToken).ConfigureAwait(false);
        return new PartETag(number, response.ETag);
    }
}
