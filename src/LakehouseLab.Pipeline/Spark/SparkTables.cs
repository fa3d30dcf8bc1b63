using System.Globalization;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>
/// How statements name the lake's tables: by their path, or as <c>catalog.layer.table</c>. A name is registered with the table's place when
/// a session first needs it, since a catalog may have forgotten it, as Spark's own does when the server restarts.
/// </summary>
/// <param name="spark">The session's statements.</param>
/// <param name="places">Where tables are.</param>
/// <param name="catalog">The catalog; null for paths.</param>
internal sealed class SparkTables(SparkStatements spark, SparkPlaces places, string? catalog)
{
    private readonly HashSet<TableName> _registered = [];

    /// <summary>Refuses a catalog that the server does not have.</summary>
    /// <exception cref="ModelException">It has none of this name, or Spark did not answer.</exception>
    public async Task RequireCatalogAsync(CancellationToken cancellationToken)
    {
        if (catalog is null)
        {
            return;
        }

        try
        {
            await spark.QueryAsync($"SHOW SCHEMAS IN {SparkText.Identifier(catalog)} LIKE 'silver'", cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception)
        {
            throw new ModelException($"--catalog {catalog}: {spark.Session.Connection} cannot use a catalog of this name ({exception.Reason}): give one that the server's spark.sql.catalog.* settings declare, or leave --catalog out", exception);
        }
    }

    /// <summary>A table, to stand in a statement.</summary>
    /// <exception cref="ModelException">Its name is that of another table, or could not be registered.</exception>
    public async Task<string> NameAsync(TableName table, CancellationToken cancellationToken)
    {
        if (catalog is null)
        {
            return $"delta.{SparkText.Identifier(places.PathOf(table.Prefix))}";
        }

        string name = NameOf(table);
        if (!_registered.Contains(table))
        {
            await RegisterAsync(table, name, cancellationToken).ConfigureAwait(false);
            _registered.Add(table);
        }

        return name;
    }

    /// <summary>A version of a table, to stand after FROM; an alias may follow.</summary>
    /// <exception cref="ModelException">Its name is that of another table, or could not be registered.</exception>
    public async Task<string> RelationAsync(TableVersion table, CancellationToken cancellationToken)
    {
        string name = await NameAsync(table.Name, cancellationToken).ConfigureAwait(false);
        return string.Create(CultureInfo.InvariantCulture, $"{name} VERSION AS OF {table.Snapshot.Version}");
    }

    /// <summary>A write to a table.</summary>
    /// <exception cref="ModelException">Its name is that of another table, or could not be registered.</exception>
    public async Task<SparkWrite> WriteAsync(TableName table, CancellationToken cancellationToken) => catalog is null
        ? new SparkWrite { Path = places.PathOf(table.Prefix) }
        : new SparkWrite { Table = await NameAsync(table, cancellationToken).ConfigureAwait(false) };

    private string NameOf(TableName table) => $"{SparkText.Identifier(catalog!)}.{SparkText.Identifier(table.Layer)}.{SparkText.Identifier(table.Name)}";

    private async Task RegisterAsync(TableName table, string name, CancellationToken cancellationToken)
    {
        string place = places.PathOf(table.Prefix);
        IReadOnlyList<IReadOnlyList<string?>> description;
        try
        {
            await spark.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {SparkText.Identifier(catalog!)}.{SparkText.Identifier(table.Layer)}", cancellationToken).ConfigureAwait(false);
            await spark.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {name} USING delta LOCATION {SqlText.Literal(place)}", cancellationToken).ConfigureAwait(false);
            description = await spark.QueryAsync($"DESCRIBE TABLE EXTENDED {name}", cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception)
        {
            throw new ModelException($"{catalog}.{table}: the catalog cannot name the table at {place} ({exception.Reason}): give the server's user the right to create schemas and tables, or leave --catalog out", exception);
        }

        string? registered = description.LastOrDefault(static row => row[0] == "Location")?[1];
        if (registered is null || !SparkPlaces.AreSame(registered, place))
        {
            throw new ModelException($"{catalog}.{table} is {(registered is null ? "not a table of files" : $"the table at {registered}")}, not this lake's at {place}: a catalog names the tables of one lake; give another with --catalog, or drop the name if nobody needs it");
        }
    }
}
