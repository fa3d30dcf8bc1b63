namespace LakehouseLab.Formats.Streams;

/// <summary>Counts the bytes that are read from a stream.</summary>
/// <param name="stream">The stream, which it disposes of.</param>
internal sealed class CountingStream(Stream stream) : ReadOnlyStream
{
    /// <summary>How many bytes there were.</summary>
    public long BytesRead { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = stream.Read(buffer);
        BytesRead += read;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
