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
    /// <summary>Opens a table, and makes it when there is none.</summary>
    /// <param name="name">The table.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="partitionBy">Its partition column, or null.</param>
    /// <param name="description">What it holds.</param>
    /// <param name="engine">The engine that writes it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <param name="appendOnly">Whether no writer may ever remove or change a row.</param>
    /// <exception cref="ModelException">Another engine writes the table, its columns are others, or another writer came between.</exception>
    public async Task<(DeltaTable Table, Snapshot Snapshot)> OpenAsync(
        TableName name, StructType schema, string? partitionBy, string description, string engine, CancellationToken cancellationToken, bool appendOnly = false)
    {
        DeltaTable table = new(lake.Store, name.Prefix);
        Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            await CreateAsync(table, name, schema, partitionBy, description, PropertiesOf(engine, appendOnly), cancellationToken).ConfigureAwait(false);
            snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        }

        WritingEngine.RefuseOther(table, snapshot, engine);
        return (table, await EvolveAsync(table, snapshot, schema, cancellationToken).ConfigureAwait(false));
    }

    private async Task CreateAsync(
        DeltaTable table, TableName name, StructType schema, string? partitionBy, string description, Dictionary<string, string> properties, CancellationToken cancellationToken)
    {
        TableMetadata metadata = new(
            new Guid(RandomNumberGenerator.GetBytes(16)).ToString(),
            schema,
            partitionBy is null ? [] : [partitionBy],
            properties,
            clock.GetUtcNow().ToUnixTimeMilliseconds(),
            description,
            name.ToString());
        CommitResult result = await DeltaTransaction.Create(table, metadata, clock).CommitAsync("CREATE TABLE", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        CommitOutcome.Require(result, table, "it was made");
    }

    private static Dictionary<string, string> PropertiesOf(string engine, bool appendOnly)
    {
        Dictionary<string, string> properties = new() { [WritingEngine.Property] = engine };
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

        CommitResult result = await transaction.CommitAsync("ADD COLUMNS", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        long version = CommitOutcome.Require(result, table, "columns were added");
        return await table.GetSnapshotAsync(version, cancellationToken).ConfigureAwait(false);
    }
}
