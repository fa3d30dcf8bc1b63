using System.Text;
using LakehouseLab.Formats.Csv;
using LakehouseLab.Formats.Json;
using LakehouseLab.Formats.Lines;
using LakehouseLab.Formats.Parquet;
using LakehouseLab.Formats.Records;
using LakehouseLab.Formats.Streams;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Formats;

/// <summary>Who writes which format.</summary>
public static class FormatWriters
{
    /// <summary>The writer of a format's lines, or null for a format without lines.</summary>
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
