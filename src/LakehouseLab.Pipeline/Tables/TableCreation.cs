using System.Security.Cryptography;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>Makes a lake's tables, empty, before anything is written to them: so every query finds every table.</summary>
internal sealed class TableCreation(Lake lake, TimeProvider clock)
{
    /// <summary>Property that names the one engine that writes a table.</summary>
    public const string EngineProperty = "lakelab.engine";

    /// <summary>The engine of the tables that the program itself writes, whatever engine runs the models.</summary>
    public const string LakelabEngine = "lakelab";

    /// <summary>Opens a table, and makes it when there is none.</summary>
    /// <param name="name">The table.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="partitionBy">Its partition column, or null.</param>
    /// <param name="description">What it holds.</param>
    /// <param name="engine">The engine that writes it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <param name="appendOnly">Whether no writer may ever remove or change a row.</param>
    /// <exception cref="ModelException">Another engine writes the table, or its columns are others.</exception>
    public async Task<(DeltaTable Table, Snapshot Snapshot)> OpenAsync(
        TableName name, StructType schema, string? partitionBy, string description, string engine, CancellationToken cancellationToken, bool appendOnly = false)
    {
        DeltaTable table = new(lake.Store, name.Prefix);
        Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            TableMetadata metadata = new(
                new Guid(RandomNumberGenerator.GetBytes(16)).ToString(),
                schema,
                partitionBy is null ? [] : [partitionBy],
                PropertiesOf(engine, appendOnly),
                clock.GetUtcNow().ToUnixTimeMilliseconds(),
                description,
                name.ToString());
            await DeltaTransaction.Create(table, metadata, clock).CommitAsync("CREATE TABLE", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
            snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        }

        if (snapshot.Metadata.Configuration.TryGetValue(EngineProperty, out string? owner) && owner != engine)
        {
            throw new ModelException($"{table.Location} is written by engine '{owner}', not '{engine}': a table has one writing engine; run with --engine {owner}");
        }

        return (table, await EvolveAsync(table, snapshot, schema, cancellationToken).ConfigureAwait(false));
    }

    private static Dictionary<string, string> PropertiesOf(string engine, bool appendOnly)
    {
        Dictionary<string, string> properties = new() { [EngineProperty] = engine };
        if (appendOnly)
        {
            properties["delta.appendOnly"] = "true";
        }

        return properties;
    }

    // Columns at the end that the table lacks are added; any other difference needs a new table.
    private async Task<Snapshot> EvolveAsync(DeltaTable table, Snapshot snapshot, StructType schema, CancellationToken cancellationToken)
    {
        IReadOnlyList<StructField> present = snapshot.Metadata.Schema.Fields;
        bool grows = present.Count <= schema.Fields.Count
            && present.Zip(schema.Fields).All(pair => pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type);
        if (!grows)
        {
            throw new ModelException($"{table.Location} has other columns than its model declares: move the table's folder away and run with --full-refresh");
        }

        if (present.Count == schema.Fields.Count)
        {
            return snapshot;
        }

        DeltaTransaction transaction = DeltaTransaction.Begin(table, snapshot, clock);
        foreach (StructField field in schema.Fields.Skip(present.Count))
        {
            transaction.AddColumn(field);
        }

        await transaction.CommitAsync("ADD COLUMNS", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        return await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
    }
}
