using LakehouseLab.Delta;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using LakehouseLab.World.Domains;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LakehouseLab.Server.Tables;

/// <summary>The requests about tables.</summary>
internal static class TableRoutes
{
    private const int MaxCommits = 100;

    private static readonly TextField s_layer = new("layer", "The layer.", 100, "a layer", static _ => true) { Required = true, Example = "silver" };
    private static readonly TextField s_name = new("name", "The table.", 100, "a table", static _ => true) { Required = true, Example = Domain.Measure.Table };
    private static readonly WholeNumberField s_limit = new("limit", "How many rows at most.", 1, 1000) { Default = 20 };

    /// <summary>Adds the parts of the service that the requests need.</summary>
    public static void AddTables(this IServiceCollection services)
    {
        services.AddSingleton<TablePreviews>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TableReports.Default));
    }

    /// <summary>Routes the requests.</summary>
    public static void MapTables(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder tables = routes.MapGroup("/tables").WithTags("tables");
        tables.MapMethods("", Methods.Read, ListAsync).WithName("listTables").WithSummary("List the tables of the lake.")
            .Answers<TableList>(200, "The tables, by layer.");
        tables.MapMethods("/{layer}/{name}", Methods.Read, ShowAsync).WithName("showTable").WithSummary("Show a table: version, schema, history.")
            .Reads(new RequestDeclaration { Path = [s_layer, s_name] }).Answers<TableDetails>(200, "The table.").ProducesProblem(404);
        tables.MapMethods("/{layer}/{name}/rows", Methods.Read, ShowRowsAsync).WithName("showTableRows").WithSummary("Show some rows of a table.")
            .Reads(new RequestDeclaration { Path = [s_layer, s_name], Query = [s_limit] }).AnswersContent("The rows: a list of objects.", "application/json").ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(Lake lake, CancellationToken cancellationToken)
    {
        IReadOnlyList<ListedTable> tables = await new LakeTables(lake).SummarizeAsync(cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new TableList([.. tables.Select(TableView.Of)]));
    }

    private static async Task<IResult> ShowAsync(string layer, string name, Lake lake, CancellationToken cancellationToken) =>
        await FindAsync(layer, name, lake, cancellationToken).ConfigureAwait(false) is { } table
            ? TypedResults.Ok(await DescribeAsync(table, lake, cancellationToken).ConfigureAwait(false))
            : NotThere(layer, name);

    private static async Task<IResult> ShowRowsAsync(string layer, string name, HttpRequest request, Lake lake, TablePreviews previews, CancellationToken cancellationToken)
    {
        RequestReader reader = RequestReader.Of(request.Query, [s_limit]);
        int limit = (int)(reader.ReadValue(s_limit) ?? 20);
        return reader.HasErrors ? TypedResults.Problem(reader.ToProblem())
            : await FindAsync(layer, name, lake, cancellationToken).ConfigureAwait(false) is { } table
                ? TypedResults.Bytes(await previews.ReadAsync(table, limit, cancellationToken).ConfigureAwait(false), "application/json")
                : NotThere(layer, name);
    }

    private static IResult NotThere(string layer, string name) =>
        TypedResults.Problem(Problem.Of(404, $"the lake has no table '{Excerpt.Of($"{layer}.{name}")}': GET /tables lists those that it has"));

    private static async Task<TableName?> FindAsync(string layer, string name, Lake lake, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableName> tables = await new LakeTables(lake).ListAsync(cancellationToken).ConfigureAwait(false);
        return tables.FirstOrDefault(table => string.Equals(table.ToString(), $"{layer}.{name}", StringComparison.Ordinal));
    }

    private static async Task<TableDetails> DescribeAsync(TableName name, Lake lake, CancellationToken cancellationToken)
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
}
