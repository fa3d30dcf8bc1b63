using LakehouseLab.Emulation.Json;

namespace LakehouseLab.Emulation.Formats;

/// <summary>Writes the rows of a batch as text, a record a line. The bytes depend on the rows alone. One writer serves one
/// batch, which may be filled again. Not thread-safe.</summary>
public abstract class LineBatchWriter
{
    /// <summary>Appends rows, each ended by a line feed.</summary>
    /// <param name="first">First row within the batch.</param>
    /// <param name="count">How many.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="ends">Gets the buffer's length behind each record; as long as there are rows.</param>
    public abstract void Write(int first, int count, ByteBuffer buffer, Span<int> ends);
}
