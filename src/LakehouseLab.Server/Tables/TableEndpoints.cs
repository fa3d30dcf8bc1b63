using System.Buffers;
using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Server.Fields;
using LakehouseLab.Server.Http;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Tables;

/// <summary>The tables of the lake.</summary>
internal sealed record TableList(IReadOnlyList<TableView> Tables);

/// <summary>A table at a glance.</summary>
internal sealed record TableView(
    string Layer,
    string Name,
    [property: Description("Its newest version; absent, as all figures, when it cannot be read.")] long? Version,
    [property: Description("Its rows; absent when its log does not tell.")] long? Rows,
    [property: Description("Its data files.")] int? Files,
    [property: Description("Their bytes.")] long? Bytes,
    [property: Description("When it was last committed to; absent when that commit was cleaned up.")] DateTimeOffset? LastChange,
    [property: Description("Why it cannot be read; absent when it can.")] string? Error,
    string Link)
{
    /// <summary>The document of a table.</summary>
    public static TableView Of(TableSummary table) => Of(new ListedTable(table.Name, table, null));

    /// <summary>The document of a table that may be unreadable.</summary>
    public static TableView Of(ListedTable table) => new(
        table.Name.Layer, table.Name.Name, table.Summary?.Version, table.Summary?.Rows, table.Summary?.Files, table.Summary?.Bytes, table.Summary?.Changed, table.Failure,
        $"/tables/{table.Name.Layer}/{table.Name.Name}");
}

/// <summary>A table with its schema and history.</summary>
internal sealed record TableDetails(TableView Table, IReadOnlyList<ColumnView> Columns, [property: Description("Its commits, newest first.")] IReadOnlyList<CommitView> History);

/// <summary>A column.</summary>
internal sealed record ColumnView(string Name, [property: Description("Its type in Delta's words.")] string Type, bool Nullable);

/// <summary>A commit.</summary>
internal sealed record CommitView(long Version, DateTimeOffset Timestamp, string? Operation, int FilesAdded, int FilesRemoved);

/// <summary>The requests about tables.</summary>
internal sealed class TableEndpoints(Lake lake, ServiceOptions options) : IDisposable
{
    private const string Tag = "tables";
    private const string Path = "/tables/{layer}/{name}";
    private const int MaxCommits = 100;

    private static readonly TextField s_layer = new("layer", "The layer.", 100, "a layer", static _ => true) { Required = true, Example = "silver" };
    private static readonly TextField s_name = new("name", "The table.", 100, "a table", static _ => true) { Required = true, Example = "transactions" };
    private static readonly WholeNumberField s_limit = new("limit", "How many rows at most.", 1, 1000) { Default = 20 };
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A preview holds the engine and its memory: a few at once are enough for people.
    private readonly SemaphoreSlim _previews = new(2);

    /// <summary>The requests.</summary>
    public IEnumerable<Operation> All() => [List(), Show(), Rows()];

    /// <inheritdoc/>
    public void Dispose() => _previews.Dispose();

    private Operation List() => new("GET", "/tables", "listTables", Tag, "List the tables of the lake.")
    {
        Replies = [new(200, "The tables, by layer.", ServiceJson.Documents.TableList)],
        Handle = async context =>
        {
            IReadOnlyList<ListedTable> tables = await new LakeTables(lake).SummarizeAsync(context.RequestAborted).ConfigureAwait(false);
            return Reply.Json(200, new TableList([.. tables.Select(TableView.Of)]), ServiceJson.Documents.TableList);
        },
    };

    private Operation Show() => new("GET", Path, "showTable", Tag, "Show a table: version, schema, history.")
    {
        PathParameters = [s_layer, s_name],
        Replies = [new(200, "The table.", ServiceJson.Documents.TableDetails)],
        Problems = [404],
        Handle = async context => await FindAsync(context).ConfigureAwait(false) is { } name
            ? Reply.Json(200, await DescribeAsync(name, context.RequestAborted).ConfigureAwait(false), ServiceJson.Documents.TableDetails)
            : NoTable(context),
    };

    private Operation Rows() => new("GET", $"{Path}/rows", "showTableRows", Tag, "Show some rows of a table.")
    {
        PathParameters = [s_layer, s_name],
        Query = [s_limit],
        Replies = [new(200, "The rows: a list of objects.", null)],
        Problems = [404, 422],
        Handle = async context =>
        {
            RequestReader reader = RequestReader.Of(context.Request.Query, [s_limit]);
            int limit = (int)(reader.ReadValue(s_limit) ?? 20);
            return reader.HasErrors ? Reply.Problem(reader.ToProblem())
                : await FindAsync(context).ConfigureAwait(false) is { } name ? await PreviewAsync(name, limit, context.RequestAborted).ConfigureAwait(false)
                : NoTable(context);
        },
    };

    private static Reply NoTable(HttpContext context) =>
        Reply.Problem(404, $"the lake has no table '{Excerpt.Of($"{context.Request.RouteValues["layer"]}.{context.Request.RouteValues["name"]}")}': GET /tables lists those that it has");

    private async Task<TableName?> FindAsync(HttpContext context)
    {
        string asked = $"{context.Request.RouteValues["layer"]}.{context.Request.RouteValues["name"]}";
        IReadOnlyList<TableName> tables = await new LakeTables(lake).ListAsync(context.RequestAborted).ConfigureAwait(false);
        return tables.FirstOrDefault(table => string.Equals(table.ToString(), asked, StringComparison.Ordinal));
    }

    private async Task<TableDetails> DescribeAsync(TableName name, CancellationToken cancellationToken)
    {
        DeltaTable table = new LakeTables(lake).Open(name);
        TableSummary summary = await TableSummary.OfAsync(name, table, cancellationToken).ConfigureAwait(false);
        Snapshot snapshot = await table.GetSnapshotAsync(summary.Version, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<HistoryEntry> history = await table.HistoryAsync(MaxCommits, cancellationToken).ConfigureAwait(false);
        return new TableDetails(
            TableView.Of(summary),
            [.. snapshot.Metadata.Schema.Fields.Select(field => new ColumnView(field.Name, TypeName(field.Type), field.Nullable))],
            [.. history.Select(entry => new CommitView(entry.Version, entry.Timestamp, entry.Operation, entry.FilesAdded, entry.FilesRemoved))]);
    }

    private static string TypeName(DeltaType type) => type switch
    {
        PrimitiveType primitive => primitive.Name,
        ArrayType => "array",
        MapType => "map",
        _ => "struct",
    };

    private async Task<Reply> PreviewAsync(TableName name, int limit, CancellationToken cancellationToken)
    {
        await _previews.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using LakeQuery query = new(lake, options.Threads);
            using QueryResult result = await query.RunAsync(FormattableString.Invariant($"SELECT * FROM \"{name.Layer}\".\"{name.Name}\" LIMIT {limit}"), cancellationToken).ConfigureAwait(false);
            ArrayBufferWriter<byte> rows = new();
            using Utf8JsonWriter writer = new(rows, s_json);
            writer.WriteStartArray();
            while (result.ReadChunk())
            {
                for (int row = 0; row < result.RowCount; row++)
                {
                    result.WriteJson(writer, row);
                }
            }

            writer.WriteEndArray();
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            return Reply.Bytes(rows.WrittenMemory, "application/json");
        }
        finally
        {
            _previews.Release();
        }
    }
}
