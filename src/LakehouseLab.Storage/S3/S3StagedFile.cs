using System.Buffers;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Storage.S3;

/// <summary>A local file that is uploaded when it is whole, and then serves as the local copy of its object.</summary>
internal sealed class S3StagedFile(S3Store store, S3Connection s3, string path) : StagedFile
{
    private const int ReadSize = 1 << 18;

    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    public override async ValueTask<bool> TryPublishAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        S3ObjectWriter writer = new(s3, key);
        await using (writer.ConfigureAwait(false))
        {
            long length = await CopyAsync(writer, key, cancellationToken).ConfigureAwait(false);
            if (!await writer.TryCompleteAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            store.Keep(key, writer.ETag!, length, path);
            return true;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => File.Delete(path);

    private async Task<long> CopyAsync(S3ObjectWriter writer, string key, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            await using (file.ConfigureAwait(false))
            {
                for (int read; (read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
                {
                    await writer.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }

                return file.Length;
            }
        }
        catch (IOException exception)
        {
            throw FileSystemFailure.Describe($"upload {s3.PlaceOf(key)} from", path, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
