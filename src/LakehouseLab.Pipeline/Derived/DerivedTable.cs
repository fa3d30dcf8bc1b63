using LakehouseLab.Pipeline.Checks;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Derived;

/// <summary>
/// Runs a batch of a model that is a query over other models' tables, as all of Gold and Silver's aggregates are: made anew as a
/// whole, merged on the keys that new input touches, or by the partitions that it reaches.
/// </summary>
/// <param name="versions">The lake's tables.</param>
/// <param name="engine">What runs the statements.</param>
/// <param name="catalog">The models.</param>
internal sealed class DerivedTable(TableVersions versions, IEngine engine, ModelCatalog catalog)
{
    /// <summary>Makes the batch's rows and commits them.</summary>
    /// <exception cref="ModelException">The query failed or an expectation that must hold does not; the table is as it was.</exception>
    public async Task<ModelOutcome> RunAsync(ModelBatch batch, CancellationToken cancellationToken)
    {
        await using IEngineSession session = engine.Begin();
        InputRelations inputs = new(session, catalog, versions, batch.Inputs);
        (StagedRows staged, BrokenExpectations dropped) = batch.Model.Materialization switch
        {
            _ when batch.Inputs.Full || catalog.ShapeOf(batch.Model).Whole is not null => await StageAllAsync(session, batch, inputs, cancellationToken).ConfigureAwait(false),
            Materialization.ReplacePartitions => await StageReachedAsync(session, batch, inputs, cancellationToken).ConfigureAwait(false),
            Materialization.Merge => await StageTouchedAsync(session, batch, inputs, cancellationToken).ConfigureAwait(false),
            _ => await StageAllAsync(session, batch, inputs, cancellationToken).ConfigureAwait(false),
        };

        BrokenExpectations broken = dropped.With(await new ExpectationCheck(session, batch.Model).CheckStagedAsync(staged, cancellationToken).ConfigureAwait(false));
        await RefuseOtherMonthsAsync(session, batch, staged, cancellationToken).ConfigureAwait(false);
        await RefuseRepeatedKeysAsync(session, batch, staged, cancellationToken).ConfigureAwait(false);
        long version = await session.CommitAsync(staged, batch.Flow, batch.Number, cancellationToken).ConfigureAwait(false);
        return ModelOutcome.Idle(batch.Model.Table, ModelState.Updated, version) with
        {
            RowsOut = staged.Rows,
            Violations = broken.Rows,
            FoundWanting = broken.Warnings.Count > 0,
            Warnings = broken.Warnings,
        };
    }

    private static async Task<ModelQuery> OpenAsync(IEngineSession session, Model model, Func<TableName, Task<string>> relation, CancellationToken cancellationToken)
    {
        Dictionary<TableName, string> relations = [];
        foreach (TableName input in model.Sql.Inputs)
        {
            relations[input] = await relation(input).ConfigureAwait(false);
        }

        return await ModelQuery.OpenAsync(session, model, model.Sql.Compile(table => relations[table]), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(StagedRows Staged, BrokenExpectations Dropped)> StageAllAsync(IEngineSession session, ModelBatch batch, InputRelations inputs, CancellationToken cancellationToken)
    {
        ModelQuery query = await OpenAsync(session, batch.Model, async name => (await inputs.AllAsync(name, cancellationToken).ConfigureAwait(false)).Sql, cancellationToken).ConfigureAwait(false);
        return await query.StageAsync(new TableWrite(batch.Base, ReplacedRows.Everything), condition: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(StagedRows Staged, BrokenExpectations Dropped)> StageReachedAsync(IEngineSession session, ModelBatch batch, InputRelations inputs, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        if (await new ReachedDays(session, catalog, inputs).FindAsync(batch, cancellationToken).ConfigureAwait(false) is not { } days)
        {
            return await StageAllAsync(session, batch, inputs, cancellationToken).ConfigureAwait(false);
        }

        SortedSet<DateOnly> months = days.ToMonths();
        bool byDay = catalog.ShapeOf(model).IsByDay;
        string condition = byDay ? Condition(days, Months.DayOf(model, model.EventTime!)) : Condition(months, SqlText.Quote(model.PartitionBy!));
        HashSet<string> partitions = [.. Months.Of(batch.Base.Files, model.PartitionBy!).Where(day => months.Contains(Months.FirstDay(day))).Select(Months.Text)];
        ReplacedRows reached = byDay ? new ReplacedRows.Days(partitions, model.EventTime!, days.Spans, condition) : new ReplacedRows.Partitions(partitions);

        // One day more than the reach, so that a window of so many days from an instant within the first day is whole. Where nothing is
        // reached the batch is noted in the table all the same, with no rows.
        DateOnly first = months.Count == 0 ? DateOnly.MinValue : Months.AddDays(byDay ? days.Spans[0].First : months.Min, model.ReachDays == 0 ? 0 : -model.ReachDays - 1L);
        DateOnly last = months.Count == 0 ? DateOnly.MinValue : byDay ? days.Spans[^1].Last : Months.LastDay(months.Max);
        ModelQuery query = await OpenAsync(session, model, name => inputs.DaysAsync(name, first, last, cancellationToken), cancellationToken).ConfigureAwait(false);
        return await query.StageAsync(new TableWrite(batch.Base, reached), condition, cancellationToken).ConfigureAwait(false);
    }

    private static string Condition(DaySpans days, string day) =>
        days.Spans.Count == 0 ? "FALSE" : $"({string.Join(" OR ", days.Spans.Select(span => $"{day} BETWEEN {Months.Literal(span.First)} AND {Months.Literal(span.Last)}"))})";

    private static string Condition(SortedSet<DateOnly> months, string partition) =>
        months.Count == 0 ? "FALSE" : $"({string.Join(" OR ", months.Select(month => $"{partition} BETWEEN {Months.Literal(month)} AND {Months.Literal(Months.LastDay(month))}"))})";

    private async Task<(StagedRows Staged, BrokenExpectations Dropped)> StageTouchedAsync(IEngineSession session, ModelBatch batch, InputRelations inputs, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        TableName input = inputs.Names.Single();
        Relation all = await inputs.AllAsync(input, cancellationToken).ConfigureAwait(false);
        if (await inputs.AddedAsync(input, cancellationToken).ConfigureAwait(false) is not { } added)
        {
            return await StageAllAsync(session, batch, inputs, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<string> columns = catalog.ShapeOf(model).MergeBy;
        string named = string.Join(", ", columns.Zip(model.Key, static (column, key) => $"{SqlText.Quote(column)} AS {SqlText.Quote(key)}"));
        string own = string.Join(", ", columns.Select(SqlText.Quote));
        string key = string.Join(", ", model.Key.Select(SqlText.Quote));
        Relation touched = await session.KeepAsync($"SELECT DISTINCT {named} FROM {added.Sql} AS added", cancellationToken).ConfigureAwait(false);
        ModelQuery query = await OpenAsync(
            session, model, _ => Task.FromResult($"(SELECT * FROM {all.Sql} AS input WHERE ({own}) IN (SELECT {key} FROM {touched.Sql}))"), cancellationToken).ConfigureAwait(false);
        return await query.StageAsync(new TableWrite(batch.Base, new ReplacedRows.Keys(touched)), condition: null, cancellationToken).ConfigureAwait(false);
    }

    // An increment replaces the months that input of their days reaches: partitions of another kind would keep old rows, or lose new ones.
    private static async Task RefuseOtherMonthsAsync(IEngineSession session, ModelBatch batch, StagedRows staged, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        if (model.Materialization != Materialization.ReplacePartitions)
        {
            return;
        }

        string day = Months.DayOf(model, model.EventTime!);
        Relation rows = await session.ReadAsync(staged, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<IReadOnlyList<string?>> others = await session.QueryAsync(
            $"SELECT {ModelQuery.KeyText(model)} FROM {rows.Sql} AS written WHERE {SqlText.Quote(model.PartitionBy!)} NOT BETWEEN CAST(date_trunc('MONTH', {day}) AS DATE) AND last_day({day}) LIMIT 1",
            cancellationToken).ConfigureAwait(false);
        if (others.Count > 0)
        {
            throw new ModelException($"partition_by: {model.PartitionBy} is not a day of {model.EventTime}'s month at {others[0][0]}; the table stays as it was. Write CAST(date_trunc('MONTH', {day}) AS DATE) for it in {model.File}, or materialization: table");
        }
    }

    // What the query's text does not prove is held against the rows: those that were written, and the others too where a key may be in any month.
    private async Task RefuseRepeatedKeysAsync(IEngineSession session, ModelBatch batch, StagedRows staged, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        if (catalog.ShapeOf(model).IsKeyUnique || staged.Rows == 0)
        {
            return;
        }

        string rows = (await session.ReadAsync(staged, cancellationToken).ConfigureAwait(false)).Sql;
        if (!model.Key.Contains(model.EventTime ?? "") && !model.Key.Contains(model.PartitionBy ?? "") && ReplacedBy(staged.Write) is { } replaced)
        {
            string before = (await session.ReadAsync(batch.Base, null, cancellationToken).ConfigureAwait(false)).Sql;
            rows = $"(SELECT * FROM {rows} AS written WHERE {replaced.Written} UNION ALL SELECT * FROM {before} AS kept WHERE {replaced.Kept})";
        }

        string key = string.Join(", ", model.Key.Select(SqlText.Quote));
        IReadOnlyList<IReadOnlyList<string?>> repeated = await session.QueryAsync(
            $"SELECT CAST(times AS STRING) || ' rows have the key ' || {ModelQuery.KeyText(model)} FROM (SELECT {key}, count(*) AS times FROM {rows} AS all_rows GROUP BY {key} HAVING count(*) > 1) AS repeated ORDER BY {key} LIMIT 1",
            cancellationToken).ConfigureAwait(false);
        if (repeated.Count > 0)
        {
            throw new ModelException($"{repeated[0][0]}; the table stays as it was. Let the query of {model.File} give one row for each key (line {model.Lines["key"]}), or add to the key what tells its rows apart");
        }
    }

    // The new ones of the written rows, and the rows that stay; null where those cannot have a key of the new ones.
    private static (string Written, string Kept)? ReplacedBy(TableWrite write) => write.Replaced switch
    {
        ReplacedRows.Days days => (days.Condition, $"NOT {days.Condition}"),
        ReplacedRows.Partitions { Values.Count: 0 } => ("TRUE", "TRUE"),
        ReplacedRows.Partitions partitions when write.PartitionBy is { } column => ("TRUE", $"{SqlText.Quote(column)} NOT IN ({string.Join(", ", partitions.Values.Select(static value => $"DATE '{value}'"))})"),
        _ => null,
    };
}
