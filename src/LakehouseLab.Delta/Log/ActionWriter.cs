using System.Text.Encodings.Web;
using System.Text.Json;
using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Delta.Log;

/// <summary>Writes actions as the lines of a commit.</summary>
internal static class ActionWriter
{
    // The log is not a web page: text stays readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a commit.</summary>
    public static byte[] Write(IEnumerable<DeltaAction> actions)
    {
        using MemoryStream stream = new();
        foreach (DeltaAction action in actions)
        {
            using (Utf8JsonWriter writer = new(stream, Options))
            {
                writer.WriteStartObject();
                Write(writer, action);
                writer.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, DeltaAction action)
    {
        switch (action)
        {
            case AddFile add:
                writer.WriteStartObject("add");
                writer.WriteString("path", add.Spelling);
                WriteTexts(writer, "partitionValues", add.PartitionValues);
                writer.WriteNumber("size", add.Size);
                writer.WriteNumber("modificationTime", add.ModificationTime);
                writer.WriteBoolean("dataChange", add.DataChange);
                WriteOptional(writer, "stats", add.Statistics);
                break;
            case RemoveFile remove:
                writer.WriteStartObject("remove");
                writer.WriteString("path", remove.Spelling);
                WriteOptional(writer, "deletionTimestamp", remove.DeletionTimestamp);
                writer.WriteBoolean("dataChange", remove.DataChange);
                break;
            case TableMetadata metadata:
                WriteMetadata(writer, metadata);
                break;
            case Protocol protocol:
                writer.WriteStartObject("protocol");
                writer.WriteNumber("minReaderVersion", protocol.MinReaderVersion);
                writer.WriteNumber("minWriterVersion", protocol.MinWriterVersion);
                break;
            case SetTransaction transaction:
                writer.WriteStartObject("txn");
                writer.WriteString("appId", transaction.AppId);
                writer.WriteNumber("version", transaction.Version);
                WriteOptional(writer, "lastUpdated", transaction.LastUpdated);
                break;
            case CommitInfo info:
                writer.WriteStartObject("commitInfo");
                WriteOptional(writer, "timestamp", info.Timestamp);
                WriteOptional(writer, "operation", info.Operation);
                WriteTexts(writer, "operationParameters", info.Parameters);
                writer.WriteString("engineInfo", "lakelab");
                WriteOptional(writer, "txnId", info.CommitId);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, TableMetadata metadata)
    {
        writer.WriteStartObject("metaData");
        writer.WriteString("id", metadata.Id);
        WriteOptional(writer, "name", metadata.Name);
        WriteOptional(writer, "description", metadata.Description);
        writer.WriteStartObject("format");
        writer.WriteString("provider", "parquet");
        writer.WriteStartObject("options");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("schemaString", SchemaJson.Format(metadata.Schema));
        writer.WriteStartArray("partitionColumns");
        foreach (string column in metadata.PartitionColumns)
        {
            writer.WriteStringValue(column);
        }

        writer.WriteEndArray();
        WriteTexts(writer, "configuration", metadata.Configuration);
        WriteOptional(writer, "createdTime", metadata.CreatedTime);
    }

    private static void WriteTexts<T>(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, T> values)
        where T : class?
    {
        writer.WriteStartObject(name);
        foreach ((string key, T value) in values)
        {
            writer.WriteString(key, value as string);
        }

        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is not null)
        {
            writer.WriteNumber(name, value.Value);
        }
    }
}
