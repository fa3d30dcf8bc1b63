namespace LakehouseLab.Formats.Records;

/// <summary>Makes the bytes of one chunk. Not thread-safe.</summary>
public abstract class ChunkEncoder : IDisposable
{
    /// <summary>How many rows of a slice a chunk takes yet.</summary>
    /// <param name="slice">The rows.</param>
    /// <param name="room">Bytes that the chunk may still grow by.</param>
    public abstract int RowsThatFit(BlockSlice slice, long room);

    /// <summary>Adds rows.</summary>
    /// <returns>The bytes that are ready, which may be those of earlier rows; valid until the next call.</returns>
    public abstract ReadOnlyMemory<byte> Add(BlockSlice slice);

    /// <summary>Ends the chunk.</summary>
    /// <returns>All bytes that remain.</returns>
    public abstract ReadOnlyMemory<byte> Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of native memory.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        // Most encoders hold none.
    }
}
