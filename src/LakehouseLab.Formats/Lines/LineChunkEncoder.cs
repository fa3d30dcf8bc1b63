using LakehouseLab.Formats.Records;

namespace LakehouseLab.Formats.Lines;

/// <summary>Makes chunks of lines as they are, behind a header if the format has one. Not thread-safe.</summary>
/// <param name="header">What a chunk begins with, also one without records.</param>
internal sealed class LineChunkEncoder(ReadOnlyMemory<byte> header) : ChunkEncoder
{
    private ReadOnlyMemory<byte> _header = header;

    /// <inheritdoc/>
    public override int RowsThatFit(BlockSlice slice, long room) => slice.LinesThatFit(Math.Max(0, room - _header.Length));

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Add(BlockSlice slice) => _header.IsEmpty ? slice.Lines : TakeHeader(slice.Lines);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Finish() => TakeHeader(ReadOnlyMemory<byte>.Empty);

    private ReadOnlyMemory<byte> TakeHeader(ReadOnlyMemory<byte> lines)
    {
        byte[] bytes = [.. _header.Span, .. lines.Span];
        _header = ReadOnlyMemory<byte>.Empty;
        return bytes;
    }
}
