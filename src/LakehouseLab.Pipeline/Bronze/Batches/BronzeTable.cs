using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Bronze.Batches;

/// <summary>What Bronze tables look like: every record as it was received, with where it came from.</summary>
public static class BronzeTable
{
    /// <summary>Its columns, the same for every domain.</summary>
    public static StructType Schema { get; } = new(
    [
        Column("payload", PrimitiveType.Text, "The record as it was received; absent when it is not UTF-8, and in a tombstone."),
        Column("payload_bytes", PrimitiveType.Binary, "The record as it was received when it is not UTF-8."),
        Column("_format", PrimitiveType.Text, "Format of the source."),
        Column("_emulation_id", PrimitiveType.Text, "The emulation that made the source; absent for others' objects."),
        Column("_source", PrimitiveType.Text, "Object or topic partition that held the record."),
        Column("_offset", PrimitiveType.Int64, "Line, from 0, or offset of the record in its source."),
        Column("_key", PrimitiveType.Text, "The message's key, from a topic; bytes that are not UTF-8 in hexadecimal behind a backslash and an x."),
        Column("_timestamp", PrimitiveType.Timestamp, "The message's timestamp, from a topic."),
        Column("_batch", PrimitiveType.Int64, "Batch in which the record was received."),
        Column("_ingested_at", PrimitiveType.Timestamp, "When the record was received."),
    ]);

    /// <summary>The Bronze table of a domain.</summary>
    public static TableName Of(Domain domain) => new("bronze", domain.Table);

    /// <summary>What the Bronze table of a domain holds.</summary>
    public static string DescriptionOf(Domain domain) => $"{domain.Schema.Description} As it was received.";

    private static StructField Column(string name, PrimitiveType type, string description) =>
        new(name, type, Nullable: true, $"{{\"comment\":\"{description}\"}}");
}
