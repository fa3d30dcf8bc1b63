using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>The tables of a lake.</summary>
/// <param name="lake">The lake.</param>
public sealed class LakeTables(Lake lake)
{
    private const string LogFolder = "/_delta_log/";

    /// <summary>The layers in the order in which data goes through them.</summary>
    public static IReadOnlyList<string> Layers { get; } = ["bronze", "silver", "gold", "reference"];

    /// <summary>Lists the tables by layer, then by name.</summary>
    public async Task<IReadOnlyList<TableName>> ListAsync(CancellationToken cancellationToken)
    {
        List<TableName> tables = [];
        foreach (string layer in Layers)
        {
            await foreach (ObjectInfo item in lake.Store.ListAsync(layer + "/", cancellationToken).ConfigureAwait(false))
            {
                int log = item.Key.IndexOf(LogFolder, StringComparison.Ordinal);
                if (log > layer.Length && TableName.TryParse($"{layer}.{item.Key[(layer.Length + 1)..log]}") is { } table && (tables.Count == 0 || tables[^1] != table))
                {
                    tables.Add(table);
                }
            }
        }

        return tables;
    }

    /// <summary>Summarises the tables by layer, then by name; of one that cannot be read it says why.</summary>
    public async Task<IReadOnlyList<ListedTable>> SummarizeAsync(CancellationToken cancellationToken)
    {
        List<ListedTable> tables = [];
        foreach (TableName name in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                tables.Add(new ListedTable(name, await TableSummary.OfAsync(name, Open(name), cancellationToken).ConfigureAwait(false), null));
            }
            catch (Exception exception) when (exception is DeltaException or StorageException { IsUnavailable: false })
            {
                tables.Add(new ListedTable(name, null, exception.Message));
            }
        }

        return tables;
    }

    /// <summary>Opens a table, whether it is there or not.</summary>
    public DeltaTable Open(TableName name) => new(lake.Store, name.Prefix);

    /// <summary>Finds a table by its name.</summary>
    /// <param name="text">What the user wrote, such as <c>silver.transactions</c>.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidRequestException">The lake has no such table.</exception>
    public async Task<TableName> FindAsync(string text, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableName> tables = await ListAsync(cancellationToken).ConfigureAwait(false);
        return tables.FirstOrDefault(table => string.Equals(table.ToString(), text, StringComparison.OrdinalIgnoreCase)) ?? throw NoTable(text, tables);
    }

    /// <summary>Says that the lake has no such table, and which it has.</summary>
    internal InvalidRequestException NoTable(string text, IReadOnlyList<TableName> tables) => new(
        tables.Count == 0
            ? $"lake '{lake.Location}' has no table yet, so none named {text}: run lakelab run --lake {lake.Location}"
            : $"lake '{lake.Location}' has no table {text}: it has {string.Join(", ", tables)}");
}
