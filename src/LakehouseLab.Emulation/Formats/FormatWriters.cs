using System.Text;
using LakehouseLab.Emulation.Csv;
using LakehouseLab.Emulation.Formats.Lines;
using LakehouseLab.Emulation.Json;
using LakehouseLab.Emulation.Parquet;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation.Formats;

/// <summary>Who writes which format.</summary>
internal static class FormatWriters
{
    /// <summary>The writer of a format's lines, or null for a format that is no lines.</summary>
    public static LineBatchWriter? CreateLineWriter(RecordFormat format, RecordBatch batch, bool labels) => format switch
    {
        RecordFormat.Json => new JsonBatchWriter(batch, labels),
        RecordFormat.Csv => new CsvBatchWriter(batch, labels),
        _ => null,
    };

    /// <summary>The encoder of a new chunk.</summary>
    public static ChunkEncoder CreateChunkEncoder(ChunkFormat format, DomainSchema schema, bool labels)
    {
        ChunkEncoder content = format.Format switch
        {
            RecordFormat.Json => new LineChunkEncoder(ReadOnlyMemory<byte>.Empty),
            RecordFormat.Csv => new LineChunkEncoder(Encoding.UTF8.GetBytes(SchemaDocument.ToCsvHeader(schema, labels))),
            _ => new ParquetChunkEncoder(labels),
        };
        return format.Compression == RecordCompression.None ? content : new CompressedChunkEncoder(content, format.Compression);
    }
}
