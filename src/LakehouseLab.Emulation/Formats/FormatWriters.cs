using LakehouseLab.Emulation.Json;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Emulation.Formats;

/// <summary>Who writes which format.</summary>
internal static class FormatWriters
{
    /// <summary>The writer of a format's lines, or null for a format that is no lines.</summary>
    public static LineBatchWriter? CreateLineWriter(RecordFormat format, RecordBatch batch, bool labels) => format switch
    {
        RecordFormat.Json => new JsonBatchWriter(batch, labels),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "there is no writer for this format"),
    };

    /// <summary>The encoder of a new chunk.</summary>
    public static ChunkEncoder CreateChunkEncoder(EmulationRequest request) => request.Format switch
    {
        { Format: RecordFormat.Json, Compression: RecordCompression.None } => new LineChunkEncoder(),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Format, "there is no encoder for this format"),
    };
}
