using System.Text.Json;
using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Delta.Log;

/// <summary>Reads the actions of a commit: one JSON object a line, each with one known member; others are ignored, as the protocol says.</summary>
internal static class ActionReader
{
    /// <summary>Reads a commit.</summary>
    /// <param name="json">The commit's bytes.</param>
    /// <param name="place">Where it is, for messages.</param>
    /// <exception cref="DeltaException">It is damaged.</exception>
    public static List<DeltaAction> Read(ReadOnlyMemory<byte> json, string place)
    {
        List<DeltaAction> actions = [];
        int line = 0;
        bool empty = true;
        while (!json.IsEmpty)
        {
            line++;
            int end = json.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> text = end < 0 ? json : json[..end];
            json = end < 0 ? default : json[(end + 1)..];
            if (text.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            empty = false;
            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                if (Read(document.RootElement) is { } action)
                {
                    actions.Add(action);
                }
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
            {
                throw new DeltaException($"{place}, line {line}, is damaged: {exception.Message.ReplaceLineEndings(" ")} Restore the file from a copy", exception);
            }
        }

        return !empty ? actions : throw new DeltaException($"{place} is damaged: it holds no action. Restore the file from a copy");
    }

    private static DeltaAction? Read(JsonElement line)
    {
        foreach (JsonProperty member in line.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (member.Name)
            {
                case "add":
                    return ReadAdd(member.Value);
                case "remove":
                    string removed = Spelling(member.Value);
                    return new RemoveFile(LogPath.Decode(removed), Whole(member.Value, "deletionTimestamp"), Required(member.Value, "dataChange").GetBoolean()) { Spelling = removed };
                case "metaData":
                    return ReadMetadata(member.Value);
                case "protocol":
                    return new Protocol(
                        Required(member.Value, "minReaderVersion").GetInt32(),
                        Required(member.Value, "minWriterVersion").GetInt32(),
                        Texts(member.Value, "readerFeatures"),
                        Texts(member.Value, "writerFeatures"));
                case "txn":
                    return new SetTransaction(Required(member.Value, "appId").GetString() ?? throw new FormatException("a txn has no appId."), Required(member.Value, "version").GetInt64(), Whole(member.Value, "lastUpdated"));
                case "commitInfo":
                    return new CommitInfo(Whole(member.Value, "timestamp"), Text(member.Value, "operation"), Parameters(member.Value), Text(member.Value, "txnId"), Whole(member.Value, "inCommitTimestamp"))
                    {
                        UserMetadata = Text(member.Value, "userMetadata"),
                    };
            }
        }

        return null;
    }

    private static AddFile ReadAdd(JsonElement add)
    {
        string spelling = Spelling(add);
        return new AddFile(
            LogPath.Decode(spelling),
            Required(add, "partitionValues").EnumerateObject().ToDictionary(
                value => value.Name, value => value.Value.GetString(), StringComparer.OrdinalIgnoreCase),
            Required(add, "size").GetInt64(),
            Whole(add, "modificationTime") ?? 0,
            Required(add, "dataChange").GetBoolean(),
            Text(add, "stats"))
        {
            Spelling = spelling,
            HasDeletionVector = add.TryGetProperty("deletionVector", out JsonElement vector) && vector.ValueKind == JsonValueKind.Object,
        };
    }

    private static TableMetadata ReadMetadata(JsonElement metadata)
    {
        return new TableMetadata(
            Text(metadata, "id") ?? throw new FormatException("the metadata has no id."),
            SchemaJson.Parse(Text(metadata, "schemaString") ?? throw new FormatException("the metadata has no schema.")),
            Texts(metadata, "partitionColumns"),
            metadata.TryGetProperty("configuration", out JsonElement configuration) && configuration.ValueKind == JsonValueKind.Object
                ? configuration.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.ToString(), StringComparer.Ordinal)
                : new Dictionary<string, string>(),
            Whole(metadata, "createdTime"),
            Text(metadata, "description"),
            Text(metadata, "name"))
        {
            Format = Text(Required(metadata, "format"), "provider") ?? throw new FormatException("the metadata has no format."),
        };
    }

    private static string Spelling(JsonElement file) => Text(file, "path") ?? throw new FormatException("a file has no path.");

    private static JsonElement Required(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value : throw new FormatException($"{name} is missing.");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static long? Whole(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static IReadOnlyList<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(value => value.GetString() ?? throw new FormatException($"{name} holds null."))]
            : [];

    private static Dictionary<string, string> Parameters(JsonElement info) =>
        info.TryGetProperty("operationParameters", out JsonElement parameters) && parameters.ValueKind == JsonValueKind.Object
            ? parameters.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.ToString(), StringComparer.Ordinal)
            : [];
}
