using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>A batch's input tables, as of the versions that it recorded.</summary>
/// <param name="lake">The lake.</param>
/// <param name="catalog">The models.</param>
/// <param name="inputs">The tables and their versions.</param>
/// <param name="lease">Holds the tables' local files: relations can be read as long as it lasts.</param>
internal sealed class InputRelations(Lake lake, ModelCatalog catalog, ModelInputs inputs, LocalLease lease)
{
    private readonly Dictionary<TableName, (DeltaTable Table, Snapshot Snapshot)> _opened = [];

    /// <summary>The input tables.</summary>
    public IEnumerable<TableName> Names => inputs.Tables.Keys.Select(name => TableName.TryParse(name)!);

    /// <summary>An input's whole relation.</summary>
    public async Task<string> AllAsync(TableName name, CancellationToken cancellationToken)
    {
        (DeltaTable table, Snapshot snapshot) = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        return (await DeltaRelation.OfAsync(table, snapshot, snapshot.Files, lease, cancellationToken).ConfigureAwait(false)).Relation;
    }

    /// <summary>An input's rows of some days; all of its rows when it has no event time.</summary>
    /// <param name="name">The input.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day.</param>
    /// <param name="cancellationToken">Cancels the fetching of files.</param>
    public async Task<string> DaysAsync(TableName name, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        Model? model = catalog.Find(name);
        if (model?.EventTime is not { } eventTime)
        {
            return await AllAsync(name, cancellationToken).ConfigureAwait(false);
        }

        (DeltaTable table, Snapshot snapshot) = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        List<AddFile> files = model.PartitionBy is { } partition
            ? [.. snapshot.Files.Where(file => Months.Of(file, partition) is { } month && month >= Months.FirstDay(first) && month <= last)]
            : [.. snapshot.Files];
        string relation = (await DeltaRelation.OfAsync(table, snapshot, files, lease, cancellationToken).ConfigureAwait(false)).Relation;
        string type = DuckDbType.Of(model.Column(eventTime).Type.DeltaType);
        string from = $"{SqlText.Quote(eventTime)} >= {Literal(first, type)}";
        string until = last == DateOnly.MaxValue ? "TRUE" : $"{SqlText.Quote(eventTime)} < {Literal(last.AddDays(1), type)}";
        return $"(SELECT * FROM {relation} AS input WHERE {from} AND {until})";
    }

    /// <summary>What came into an input since the batch before; null when that cannot be told from added rows alone.</summary>
    public async Task<string?> AddedAsync(TableName name, CancellationToken cancellationToken)
    {
        VersionRange range = inputs.Tables[name.ToString()];
        if (range.After < 0)
        {
            return await AllAsync(name, cancellationToken).ConfigureAwait(false);
        }

        (DeltaTable table, Snapshot snapshot) = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        TableChanges changes = await table.GetChangesAsync(range.After, range.Until, cancellationToken).ConfigureAwait(false);
        return changes.RowsRemoved ? null : (await DeltaRelation.OfAsync(table, snapshot, changes.Added, lease, cancellationToken).ConfigureAwait(false)).Relation;
    }

    /// <summary>The partitions of an input, by month, whose files are other than in the batch before.</summary>
    public async Task<IEnumerable<DateOnly>> ChangedMonthsAsync(TableName name, string partition, CancellationToken cancellationToken)
    {
        VersionRange range = inputs.Tables[name.ToString()];
        (DeltaTable table, Snapshot now) = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<AddFile> before = range.After < 0 ? [] : (await table.GetSnapshotAsync(range.After, cancellationToken).ConfigureAwait(false)).Files;
        HashSet<string> paths = [.. now.Files.Select(file => file.Path)];
        HashSet<string> earlier = [.. before.Select(file => file.Path)];
        return Months.Of(now.Files.Where(file => !earlier.Contains(file.Path)).Concat(before.Where(file => !paths.Contains(file.Path))), partition);
    }

    private static string Literal(DateOnly day, string type) => string.Create(CultureInfo.InvariantCulture, $"CAST('{day:yyyy-MM-dd}' AS {type})");

    private async Task<(DeltaTable Table, Snapshot Snapshot)> OpenAsync(TableName name, CancellationToken cancellationToken)
    {
        if (!_opened.TryGetValue(name, out (DeltaTable Table, Snapshot Snapshot) opened))
        {
            DeltaTable table = new(lake.Store, name.Prefix);
            opened = (table, await table.GetSnapshotAsync(inputs.Tables[name.ToString()].Until, cancellationToken).ConfigureAwait(false));
            _opened.Add(name, opened);
        }

        return opened;
    }
}
