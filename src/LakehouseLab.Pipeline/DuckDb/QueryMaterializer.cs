using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Runs a batch of a model that is a query over other models' tables: table, merge and replace_partitions.</summary>
internal sealed class QueryMaterializer(DuckDbSession session, Lake lake, ModelCatalog catalog, TimeProvider clock)
{
    /// <summary>Makes the batch's rows and commits them.</summary>
    /// <exception cref="ModelException">The query failed or an expectation that must hold does not; the table is as it was.</exception>
    public async Task<ModelOutcome> RunAsync(ModelBatch batch, CancellationToken cancellationToken)
    {
        using ScratchFolder scratch = lake.Store.CreateScratch();
        DataFileWriter writer = new(session, batch.Table, batch.Model.Schema, scratch, clock);
        using LocalLease lease = new();
        InputRelations inputs = new(lake, catalog, batch.Inputs, lease);
        string? whole = batch.Model.Materialization == Materialization.Merge ? MergeScope.FindReason(batch.Model) : null;
        Changes changes = batch.Model.Materialization switch
        {
            _ when batch.Inputs.Full => await MakeAllAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
            Materialization.ReplacePartitions => await ReplaceAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
            Materialization.Merge when whole is null => await MergeAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
            _ => await MakeAllAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
        };

        long rows = changes.Written.Sum(file => file.Rows);
        Dictionary<string, long> violations = await Expectations.CountAsync(session, batch, changes.Written, cancellationToken).ConfigureAwait(false);
        await Expectations.RefuseBrokenAsync(session, batch, changes.Written, violations, cancellationToken).ConfigureAwait(false);
        await RefuseOtherMonthsAsync(batch, changes.Written, cancellationToken).ConfigureAwait(false);
        long version = await BatchCommit.RunAsync(batch.Table, batch.Base, batch.Flow, batch.Number, changes.Removed, changes.Written, clock, cancellationToken).ConfigureAwait(false);
        return ModelOutcome.Idle(batch.Model.Table, ModelState.Updated, version) with
        {
            RowsOut = rows,
            Violations = violations,
            FoundWanting = Expectations.FoundWanting(batch.Model, violations, rows),
            Note = whole is null ? null : $"recomputed as a whole, since {whole}",
        };
    }

    private async Task<ModelQuery> OpenAsync(Model model, Func<TableName, Task<string>> relation, CancellationToken cancellationToken)
    {
        Dictionary<TableName, string> relations = [];
        foreach (TableName input in model.Sql.Inputs)
        {
            relations[input] = await relation(input).ConfigureAwait(false);
        }

        return await ModelQuery.OpenAsync(session, model, model.Sql.Compile(table => relations[table]), cancellationToken).ConfigureAwait(false);
    }

    private async Task<Changes> MakeAllAsync(ModelBatch batch, InputRelations inputs, DataFileWriter writer, CancellationToken cancellationToken)
    {
        ModelQuery query = await OpenAsync(batch.Model, name => inputs.AllAsync(name, cancellationToken), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<WrittenFile> written = await query.RunAsync(
            () => batch.Model.PartitionBy is { } partition
                ? writer.WritePartitionsAsync(query.Rows, partition, cancellationToken)
                : writer.WriteAsync(query.Rows, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return new Changes(batch.Base.Files, written);
    }

    private async Task<Changes> ReplaceAsync(ModelBatch batch, InputRelations inputs, DataFileWriter writer, CancellationToken cancellationToken)
    {
        SortedSet<DateOnly>? months = await ReachedMonthsAsync(batch, inputs, cancellationToken).ConfigureAwait(false);
        if (months is null)
        {
            return await MakeAllAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false);
        }

        if (months.Count == 0)
        {
            return new Changes([], []);
        }

        // One day more than the reach, so that a window of so many days from an instant within the first day is whole.
        string partition = batch.Model.PartitionBy!;
        DateOnly first = Months.AddDays(months.Min, batch.Model.ReachDays == 0 ? 0 : -batch.Model.ReachDays - 1L);
        DateOnly last = Months.LastDay(months.Max);
        ModelQuery query = await OpenAsync(batch.Model, name => inputs.DaysAsync(name, first, last, cancellationToken), cancellationToken).ConfigureAwait(false);
        string list = string.Join(", ", months.Select(month => string.Create(CultureInfo.InvariantCulture, $"DATE '{month:yyyy-MM-dd}'")));
        string reached = $"SELECT * FROM ({query.Rows}) AS reached WHERE {SqlText.Quote(partition)} IN ({list})";
        IReadOnlyList<WrittenFile> written = await query.RunAsync(() => writer.WritePartitionsAsync(reached, partition, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new Changes([.. batch.Base.Files.Where(file => months.Contains(Months.Of(file, partition)))], written);
    }

    // An increment replaces the months that input of their days reaches: partitions of another kind would keep old rows, or lose new ones.
    private async Task RefuseOtherMonthsAsync(ModelBatch batch, IReadOnlyList<WrittenFile> written, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        if (model.Materialization != Materialization.ReplacePartitions)
        {
            return;
        }

        string day = DayOf(model, model.EventTime!);
        using LocalLease lease = new();
        string rows = (await DeltaRelation.OfAsync(batch.Table, batch.Base, written.Select(file => file.Add), lease, cancellationToken).ConfigureAwait(false)).Relation;
        List<string> others = await session.QueryAsync(
            $"SELECT {ValueFailure.KeyText(model)} FROM {rows} AS written WHERE {SqlText.Quote(model.PartitionBy!)} IS DISTINCT FROM CAST(date_trunc('MONTH', {day}) AS DATE) LIMIT 1",
            static reader => reader.GetString(0),
            cancellationToken).ConfigureAwait(false);
        if (others.Count > 0)
        {
            throw new ModelException($"partition_by: {model.PartitionBy} is not the first day of {model.EventTime}'s month at {others[0]}; the table stays as it was. Write CAST(date_trunc('MONTH', {day}) AS DATE) for it in {model.File}, or materialization: table");
        }
    }

    // The months that new input reaches; null when an input without event time changed, which may reach all.
    private async Task<SortedSet<DateOnly>?> ReachedMonthsAsync(ModelBatch batch, InputRelations inputs, CancellationToken cancellationToken)
    {
        SortedSet<DateOnly> months = [];
        foreach (TableName name in inputs.Names)
        {
            VersionRange range = batch.Inputs.Tables[name.ToString()];
            Model? input = catalog.Find(name);
            if (range.After == range.Until)
            {
                continue;
            }

            if (input?.EventTime is null)
            {
                return null;
            }

            if (input.PartitionBy is { } partition)
            {
                foreach (DateOnly month in await inputs.ChangedMonthsAsync(name, partition, cancellationToken).ConfigureAwait(false))
                {
                    Months.Add(months, month, Months.AddDays(Months.LastDay(month), batch.Model.ReachDays));
                }
            }
            else if (await inputs.AddedAsync(name, cancellationToken).ConfigureAwait(false) is { } added)
            {
                foreach (DateOnly day in await DaysOfAsync(added, input, cancellationToken).ConfigureAwait(false))
                {
                    Months.Add(months, day, Months.AddDays(day, batch.Model.ReachDays));
                }
            }
            else
            {
                return null;
            }
        }

        if (batch.Inputs is { FromDay: { } first, ToDay: { } end } && end > first)
        {
            Months.Add(months, first, end.AddDays(-1));
        }

        return months;
    }

    private Task<List<DateOnly>> DaysOfAsync(string relation, Model input, CancellationToken cancellationToken) =>
        session.QueryAsync($"SELECT DISTINCT {DayOf(input, input.EventTime!)} FROM {relation} AS added", static reader => reader.GetFieldValue<DateOnly>(0), cancellationToken);

    private static string DayOf(Model model, string column) =>
        model.Column(column).Type.Name == "DATE" ? SqlText.Quote(column) : $"to_date({SqlText.Quote(column)})";

    private async Task<Changes> MergeAsync(ModelBatch batch, InputRelations inputs, DataFileWriter writer, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        string key = string.Join(", ", model.Key.Select(SqlText.Quote));
        TableName input = inputs.Names.Single();
        if (!HasKey(input, model) || await inputs.AddedAsync(input, cancellationToken).ConfigureAwait(false) is not { } added)
        {
            return await MakeAllAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false);
        }

        await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT {key} FROM {added} AS added", cancellationToken).ConfigureAwait(false);
        string all = await inputs.AllAsync(input, cancellationToken).ConfigureAwait(false);
        ModelQuery query = await OpenAsync(
            model, _ => Task.FromResult($"(SELECT * FROM {all} AS input WHERE ({key}) IN (SELECT ({key}) FROM touched))"), cancellationToken).ConfigureAwait(false);

        IReadOnlyList<AddFile> rewritten = await FilesWithTouchedAsync(batch, key, cancellationToken).ConfigureAwait(false);
        using LocalLease lease = new();
        string kept = (await DeltaRelation.OfAsync(batch.Table, batch.Base, rewritten, lease, cancellationToken).ConfigureAwait(false)).Relation;
        string merged = $"SELECT * FROM {kept} AS kept WHERE ({key}) NOT IN (SELECT ({key}) FROM touched) UNION ALL {query.Rows}";
        IReadOnlyList<WrittenFile> written = await query.RunAsync(() => writer.WriteAsync(merged, cancellationToken), cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("DROP TABLE touched", cancellationToken).ConfigureAwait(false);
        return new Changes(rewritten, written);
    }

    private bool HasKey(TableName input, Model model) =>
        catalog.Find(input) is { } known && model.Key.All(name => known.Columns.Any(column => column.Name == name));

    private async Task<IReadOnlyList<AddFile>> FilesWithTouchedAsync(ModelBatch batch, string key, CancellationToken cancellationToken)
    {
        List<AddFile> files = [];
        foreach (AddFile file in batch.Base.Files)
        {
            using LocalLease lease = new();
            string relation = (await DeltaRelation.OfAsync(batch.Table, batch.Base, [file], lease, cancellationToken).ConfigureAwait(false)).Relation;
            if (await session.CountAsync($"SELECT count(*) FROM {relation} AS held WHERE ({key}) IN (SELECT ({key}) FROM touched)", cancellationToken).ConfigureAwait(false) > 0)
            {
                files.Add(file);
            }
        }

        return files;
    }

    private sealed record Changes(IReadOnlyList<AddFile> Removed, IReadOnlyList<WrittenFile> Written);
}
