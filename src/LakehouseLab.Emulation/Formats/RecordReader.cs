using LakehouseLab.Emulation.Csv;
using LakehouseLab.Emulation.Json;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Parquet;
using LakehouseLab.Storage;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation.Formats;

/// <summary>
/// Reads the records of a raw object in any format, each as Bronze keeps it: a line of JSON byte for byte, a record of CSV or
/// Parquet as the JSON that this program writes for it, and one of CSV that cannot be read as its text. Not thread-safe.
/// </summary>
public abstract class RecordReader : IDisposable
{
    /// <summary>Place of the record read last in its object, from 0: the number of its line, or of the record where records are no lines.</summary>
    public abstract long Offset { get; }

    /// <summary>Bytes of the object that were read so far.</summary>
    public abstract long BytesRead { get; }

    /// <summary>Opens an object.</summary>
    /// <param name="store">The store that it lies in.</param>
    /// <param name="key">The object.</param>
    /// <param name="schema">The domain of its records.</param>
    /// <param name="format">What is in it.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">There is no such object, or the store failed.</exception>
    /// <exception cref="LakeException">The object is not what its format says.</exception>
    public static async ValueTask<RecordReader> OpenAsync(IObjectStore store, string key, DomainSchema schema, ChunkFormat format, CancellationToken cancellationToken)
    {
        string place = $"{store.Location}/{key}";
        if (format.Format == RecordFormat.Parquet)
        {
            return await ParquetRecordReader.OpenAsync(store, key, place, schema, cancellationToken).ConfigureAwait(false);
        }

        ContentStream content = new(await store.OpenReadAsync(key, 0, cancellationToken).ConfigureAwait(false), format.Compression, place);
        return format.Format == RecordFormat.Csv ? CsvRecordReader.Open(content, place, schema) : new JsonRecordReader(content, place);
    }

    /// <summary>Reads the next record.</summary>
    /// <param name="payload">The record; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="LakeException">The object is damaged, or holds what no table can.</exception>
    public abstract bool TryRead(out ReadOnlySpan<byte> payload);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the object.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected abstract void Dispose(bool disposing);
}
