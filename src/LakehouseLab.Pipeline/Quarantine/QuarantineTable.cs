using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Quarantine;

/// <summary>The table of the records that Silver could not take: as they were received, with the reason.</summary>
public static class QuarantineTable
{
    /// <summary>Its partition column: the Silver table, without its layer, that the record was meant for.</summary>
    public const string Partition = "table_name";

    /// <summary>Its name.</summary>
    public static TableName Name { get; } = new("silver", "quarantine");

    /// <summary>Its columns.</summary>
    public static StructType Schema { get; } = new(
    [
        Column("id", PrimitiveType.Text, "Names the record: a hash of table, source and offset."),
        Column(Partition, PrimitiveType.Text, "The Silver table that the record was meant for."),
        Column("reason", PrimitiveType.Text, "Why it was not taken."),
        Column("payload", PrimitiveType.Text, "The record as it was received; absent when it is not UTF-8."),
        Column("payload_bytes", PrimitiveType.Binary, "The record as it was received when it is not UTF-8."),
        Column("_format", PrimitiveType.Text, "Format of the source."),
        Column("_emulation_id", PrimitiveType.Text, "The emulation that made the source; absent for others' objects."),
        Column("_batch", PrimitiveType.Int64, "Batch in which Bronze received the record."),
        Column("_source", PrimitiveType.Text, "Object or topic partition that held the record."),
        Column("_offset", PrimitiveType.Int64, "Line or offset of the record in its source."),
        Column("_ingested_at", PrimitiveType.Timestamp, "When Bronze received the record."),
    ]);

    private static StructField Column(string name, PrimitiveType type, string description) =>
        new(name, type, Nullable: true, $"{{\"comment\":\"{description}\"}}");
}
