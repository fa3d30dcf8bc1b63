using System.Security.Cryptography;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Failures;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>Makes a lake's tables, empty, before anything is written to them: so every query finds every table.</summary>
/// <param name="versions">The lake's tables.</param>
/// <param name="clock">The clock.</param>
internal sealed class TableCreation(TableVersions versions, TimeProvider clock)
{
    /// <summary>Whether a table that another engine writes becomes that of the engine which opens it.</summary>
    public bool TakesOver { get; init; }

    /// <summary>Opens a table, and makes it when there is none.</summary>
    /// <param name="name">The table.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="partitionBy">Its partition column, or null.</param>
    /// <param name="description">What it holds.</param>
    /// <param name="engine">The engine that writes it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <param name="appendOnly">Whether no writer may ever remove or change a row.</param>
    /// <exception cref="ModelException">Another engine writes the table, its columns are others, or another writer came between.</exception>
    public async Task<TableVersion> OpenAsync(
        TableName name, StructType schema, string? partitionBy, string description, string engine, CancellationToken cancellationToken, bool appendOnly = false)
    {
        TableVersion? found = await versions.FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            await CreateAsync(new DeltaTable(versions.Lake.Store, name.Prefix), name, schema, partitionBy, description, PropertiesOf(engine, appendOnly), cancellationToken).ConfigureAwait(false);
            versions.Forget(name);
            found = await versions.GetAsync(name, cancellationToken).ConfigureAwait(false);
        }

        if (TakesOver && WritingEngine.IsOther(found.Snapshot, engine))
        {
            found = await TakeOverAsync(found, engine, cancellationToken).ConfigureAwait(false);
        }

        WritingEngine.RefuseOther(found.Table, found.Snapshot, engine);
        return await EvolveAsync(found, schema, cancellationToken).ConfigureAwait(false);
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

    private async Task<TableVersion> TakeOverAsync(TableVersion found, string engine, CancellationToken cancellationToken)
    {
        DeltaTransaction transaction = DeltaTransaction.Begin(found.Table, found.Snapshot, clock);
        transaction.SetProperty(WritingEngine.Property, engine);
        CommitResult result = await transaction.CommitAsync("SET TBLPROPERTIES", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        CommitOutcome.Require(result, found.Table, "its engine was changed");
        versions.Forget(found.Name);
        return await versions.GetAsync(found.Name, cancellationToken).ConfigureAwait(false);
    }

    // Columns at the end that the table lacks are added; any other difference needs a new table.
    private async Task<TableVersion> EvolveAsync(TableVersion found, StructType schema, CancellationToken cancellationToken)
    {
        IReadOnlyList<StructField> present = found.Snapshot.Metadata.Schema.Fields;
        bool grows = present.Count <= schema.Fields.Count
            && present.Zip(schema.Fields).All(pair => pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type);
        if (!grows)
        {
            throw new ModelException($"{found.Table.Location} has other columns than its model declares: move the table's folder away and run with --full-refresh");
        }

        if (present.Count == schema.Fields.Count)
        {
            return found;
        }

        DeltaTransaction transaction = DeltaTransaction.Begin(found.Table, found.Snapshot, clock);
        foreach (StructField field in schema.Fields.Skip(present.Count))
        {
            transaction.AddColumn(field);
        }

        CommitResult result = await transaction.CommitAsync("ADD COLUMNS", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        CommitOutcome.Require(result, found.Table, "columns were added");
        versions.Forget(found.Name);
        return await versions.GetAsync(found.Name, cancellationToken).ConfigureAwait(false);
    }
}
