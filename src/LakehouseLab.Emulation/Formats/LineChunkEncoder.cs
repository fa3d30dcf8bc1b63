namespace LakehouseLab.Emulation.Formats;

/// <summary>Makes chunks of lines as they are.</summary>
internal sealed class LineChunkEncoder : ChunkEncoder
{
    /// <inheritdoc/>
    public override int RowsThatFit(BlockSlice slice, long room) => slice.LinesThatFit(room);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Add(BlockSlice slice) => slice.Lines;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Finish() => ReadOnlyMemory<byte>.Empty;
}
