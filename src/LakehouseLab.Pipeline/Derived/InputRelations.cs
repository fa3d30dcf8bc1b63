using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Derived;

/// <summary>A batch's input tables, as of the versions that it recorded.</summary>
/// <param name="session">The session that reads them.</param>
/// <param name="catalog">The models.</param>
/// <param name="versions">The lake's tables.</param>
/// <param name="inputs">The tables and their versions.</param>
internal sealed class InputRelations(IEngineSession session, ModelCatalog catalog, TableVersions versions, ModelInputs inputs)
{
    /// <summary>The input tables.</summary>
    public IEnumerable<TableName> Names => inputs.Tables.Keys.Select(name => TableName.TryParse(name)!);

    /// <summary>An input's whole relation.</summary>
    public async Task<Relation> AllAsync(TableName name, CancellationToken cancellationToken) =>
        await session.ReadAsync(await OpenAsync(name, cancellationToken).ConfigureAwait(false), null, cancellationToken).ConfigureAwait(false);

    /// <summary>An input's rows of some days, as they stand after FROM; all of its rows when it has no event time.</summary>
    /// <param name="name">The input.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day.</param>
    /// <param name="cancellationToken">Cancels the fetching of files.</param>
    public async Task<string> DaysAsync(TableName name, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        Model? model = catalog.Find(name);
        if (model?.EventTime is not { } eventTime)
        {
            return (await AllAsync(name, cancellationToken).ConfigureAwait(false)).Sql;
        }

        TableVersion version = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        IEnumerable<AddFile> files = version.Files.Where(file =>
            FileBounds.MayHoldDays(file, eventTime, first, last)
            && (model is not { Materialization: Materialization.ReplacePartitions, PartitionBy: { } partition } || (Months.FirstDay(Months.Of(file, partition)) is var month && month >= Months.FirstDay(first) && month <= last)));
        Relation relation = await session.ReadAsync(version, files, cancellationToken).ConfigureAwait(false);
        string type = session.TypeOf(model.Column(eventTime).Type.DeltaType);
        string from = $"{SqlText.Quote(eventTime)} >= CAST('{Months.Text(first)}' AS {type})";
        string until = last == DateOnly.MaxValue ? "TRUE" : $"{SqlText.Quote(eventTime)} < CAST('{Months.Text(last.AddDays(1))}' AS {type})";
        return $"(SELECT * FROM {relation.Sql} AS input WHERE {from} AND {until})";
    }

    /// <summary>The files that came into an input since the batch before; null when what is new cannot be told from added rows alone.</summary>
    public async Task<IReadOnlyList<AddFile>?> AddedFilesAsync(TableName name, CancellationToken cancellationToken)
    {
        VersionRange range = inputs.Tables[name.ToString()];
        TableVersion version = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        if (range.After < 0)
        {
            return version.Files;
        }

        TableChanges changes = await versions.GetChangesAsync(name, range.After, range.Until, cancellationToken).ConfigureAwait(false);
        return changes.RowsRemoved ? null : changes.Added;
    }

    /// <summary>What came into an input since the batch before; null when that cannot be told from added rows alone.</summary>
    public async Task<Relation?> AddedAsync(TableName name, CancellationToken cancellationToken) =>
        await AddedFilesAsync(name, cancellationToken).ConfigureAwait(false) is { } files
            ? await ReadAsync(name, files, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Some files of an input.</summary>
    public async Task<Relation> ReadAsync(TableName name, IEnumerable<AddFile> files, CancellationToken cancellationToken) =>
        await session.ReadAsync(await OpenAsync(name, cancellationToken).ConfigureAwait(false), files, cancellationToken).ConfigureAwait(false);

    /// <summary>The files of an input that are other than in the batch before: those that came, and those that went.</summary>
    public async Task<IEnumerable<AddFile>> ChangedFilesAsync(TableName name, CancellationToken cancellationToken)
    {
        VersionRange range = inputs.Tables[name.ToString()];
        IReadOnlyList<AddFile> now = (await OpenAsync(name, cancellationToken).ConfigureAwait(false)).Files;
        IReadOnlyList<AddFile> before = range.After < 0 ? [] : (await versions.GetAsync(name, range.After, cancellationToken).ConfigureAwait(false)).Files;
        HashSet<string> paths = [.. now.Select(file => file.Path)];
        HashSet<string> earlier = [.. before.Select(file => file.Path)];
        return now.Where(file => !earlier.Contains(file.Path)).Concat(before.Where(file => !paths.Contains(file.Path)));
    }

    private Task<TableVersion> OpenAsync(TableName name, CancellationToken cancellationToken) =>
        versions.GetAsync(name, inputs.Tables[name.ToString()].Until, cancellationToken);
}
