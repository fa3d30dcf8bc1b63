
namespace LakehouseLab.Formats.Records;

/// <summary>
/// Reads the records of a raw object in any format, each as Bronze keeps it: a line of JSON byte for byte, a record of CSV or
/// Parquet as the JSON that this program writes for it, and one of CSV that cannot be read as its text. Not thread-safe.
/// </summary>
public abstract class RecordReader : IDisposable
{
    /// <summary>Place of the record read last in its object, from 0: the number of its line, or of the record where records are not lines.</summary>
    public abstract long Offset { get; }

    /// <summary>Bytes of the object that were read so far.</summary>
    public abstract long BytesRead { get; }

    /// <summary>Reads the next record.</summary>
    /// <param name="payload">The record; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="UnreadableObjectException">The object is damaged, or holds what no table can.</exception>
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
