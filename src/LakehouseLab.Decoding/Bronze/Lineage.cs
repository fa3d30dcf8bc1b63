using LakehouseLab.Formats.Parquet;
using ParquetSharp;
using ParquetSharp.Schema;

namespace LakehouseLab.Decoding.Bronze;

/// <summary>Where the records of a row group come from: Bronze's columns that go on into Silver.</summary>
internal sealed class Lineage
{
    private readonly NumbersBuffer _batch = new();
    private readonly BytesBuffer _source = new(optional: true);
    private readonly NumbersBuffer _offset = new();
    private readonly NumbersBuffer _ingestedAt = new();

    /// <summary>The columns.</summary>
    public static IEnumerable<Node> Nodes() =>
    [
        new PrimitiveNode("_batch", Repetition.Optional, LogicalType.None(), PhysicalType.Int64),
        new PrimitiveNode("_source", Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray),
        new PrimitiveNode("_offset", Repetition.Optional, LogicalType.None(), PhysicalType.Int64),
        new PrimitiveNode("_ingested_at", Repetition.Optional, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros), PhysicalType.Int64),
    ];

    /// <summary>Reads the columns of a Bronze row group.</summary>
    public void Read(BronzeColumns columns, RowGroupReader group, int rows)
    {
        columns.ReadNumbers(group, "_batch", rows, _batch);
        columns.ReadTexts(group, "_source", rows, _source);
        columns.ReadNumbers(group, "_offset", rows, _offset);
        columns.ReadNumbers(group, "_ingested_at", rows, _ingestedAt);
    }

    /// <summary>Writes the columns and forgets them.</summary>
    public void Write(RowGroupWriter group)
    {
        _batch.Write(group);
        _source.Write(group);
        _offset.Write(group);
        _ingestedAt.Write(group);
        _batch.Clear();
        _source.Clear();
        _offset.Clear();
        _ingestedAt.Clear();
    }
}
