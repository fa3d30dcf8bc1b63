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
        InputRelations inputs = new(lake, catalog, batch.Inputs);
        Changes changes = batch.Model.Materialization switch
        {
            _ when batch.Inputs.Full => await MakeAllAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
            Materialization.ReplacePartitions => await ReplaceAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
            Materialization.Merge => await MergeAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
            _ => await MakeAllAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false),
        };

        long rows = changes.Written.Sum(file => file.Rows);
        Dictionary<string, long> violations = await Expectations.CountAsync(session, batch, changes.Written, cancellationToken).ConfigureAwait(false);
        Expectations.RefuseBroken(batch.Model, changes.Written, violations, rows);
        long version = await BatchCommit.RunAsync(batch.Table, batch.Base, batch.Flow, batch.Number, changes.Removed, changes.Written, clock, cancellationToken).ConfigureAwait(false);
        return ModelOutcome.Idle(batch.Model.Table, ModelState.Updated, version) with
        {
            RowsOut = rows,
            Violations = violations,
            FoundWanting = Expectations.FoundWanting(batch.Model, violations, rows),
        };
    }

    /// <summary>The model's query with its columns cast to their declared types.</summary>
    public static string Typed(Model model, string compiled) =>
        $"SELECT {string.Join(", ", model.Columns.Select(column => $"CAST({SqlText.Quote(column.Name)} AS {DuckDbType.Of(column.Type.DeltaType)}) AS {SqlText.Quote(column.Name)}"))} FROM ({compiled}) AS model";

    private static async Task<string> CompileAsync(Model model, Func<TableName, Task<string>> relation)
    {
        Dictionary<TableName, string> relations = [];
        foreach (TableName input in model.Sql.Inputs)
        {
            relations[input] = await relation(input).ConfigureAwait(false);
        }

        string typed = Typed(model, model.Sql.Compile(table => relations[table]));
        return Expectations.Filter(model, ViolationAction.Drop) is { } filter ? $"SELECT * FROM ({typed}) AS typed WHERE {filter}" : typed;
    }

    private static async Task<Changes> MakeAllAsync(ModelBatch batch, InputRelations inputs, DataFileWriter writer, CancellationToken cancellationToken)
    {
        string query = await CompileAsync(batch.Model, name => inputs.AllAsync(name, cancellationToken)).ConfigureAwait(false);
        IReadOnlyList<WrittenFile> written = batch.Model.PartitionBy is { } partition
            ? await writer.WritePartitionsAsync(query, partition, cancellationToken).ConfigureAwait(false)
            : await writer.WriteAsync(query, cancellationToken).ConfigureAwait(false);
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
        DateOnly from = months.Min.AddDays(batch.Model.ReachDays == 0 ? 0 : -batch.Model.ReachDays - 1);
        DateOnly to = months.Max.AddMonths(1);
        string query = await CompileAsync(batch.Model, name => inputs.DaysAsync(name, from, to, cancellationToken)).ConfigureAwait(false);
        string list = string.Join(", ", months.Select(month => string.Create(CultureInfo.InvariantCulture, $"DATE '{month:yyyy-MM-dd}'")));
        IReadOnlyList<WrittenFile> written = await writer.WritePartitionsAsync(
            $"SELECT * FROM ({query}) AS reached WHERE {SqlText.Quote(partition)} IN ({list})", partition, cancellationToken).ConfigureAwait(false);
        return new Changes([.. batch.Base.Files.Where(file => months.Contains(Months.Of(file, partition)))], written);
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
                    AddMonths(months, month, month.AddMonths(1).AddDays(-1 + batch.Model.ReachDays));
                }
            }
            else if (await inputs.AddedAsync(name, cancellationToken).ConfigureAwait(false) is { } added)
            {
                foreach (DateOnly day in await DaysOfAsync(added, input, cancellationToken).ConfigureAwait(false))
                {
                    AddMonths(months, day, day.AddDays(batch.Model.ReachDays));
                }
            }
            else
            {
                return null;
            }
        }

        if (batch.Inputs is { FromDay: { } first, ToDay: { } end } && end > first)
        {
            AddMonths(months, first, end.AddDays(-1));
        }

        return months;
    }

    private static void AddMonths(SortedSet<DateOnly> months, DateOnly first, DateOnly last)
    {
        for (DateOnly month = new(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
        {
            months.Add(month);
        }
    }

    private Task<List<DateOnly>> DaysOfAsync(string relation, Model input, CancellationToken cancellationToken)
    {
        string eventTime = SqlText.Quote(input.EventTime!);
        string day = input.Column(input.EventTime!).Type.Name == "DATE" ? eventTime : $"to_date({eventTime})";
        return session.QueryAsync($"SELECT DISTINCT {day} FROM {relation} AS added", static reader => reader.GetFieldValue<DateOnly>(0), cancellationToken);
    }

    private async Task<Changes> MergeAsync(ModelBatch batch, InputRelations inputs, DataFileWriter writer, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        string key = string.Join(", ", model.Key.Select(SqlText.Quote));
        List<string> touched = [];
        foreach (TableName name in inputs.Names.Where(name => HasKey(name, model)))
        {
            if (await inputs.AddedAsync(name, cancellationToken).ConfigureAwait(false) is not { } added)
            {
                return await MakeAllAsync(batch, inputs, writer, cancellationToken).ConfigureAwait(false);
            }

            touched.Add($"SELECT {key} FROM {added} AS added");
        }

        await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE touched AS {string.Join(" UNION ", touched)}", cancellationToken).ConfigureAwait(false);
        string query = await CompileAsync(model, async name =>
        {
            string all = await inputs.AllAsync(name, cancellationToken).ConfigureAwait(false);
            return HasKey(name, model) ? $"(SELECT * FROM {all} AS input WHERE ({key}) IN (SELECT ({key}) FROM touched))" : all;
        }).ConfigureAwait(false);

        IReadOnlyList<AddFile> rewritten = await FilesWithTouchedAsync(batch, key, cancellationToken).ConfigureAwait(false);
        string kept = (await DeltaRelation.OfAsync(batch.Table, batch.Base, rewritten, cancellationToken).ConfigureAwait(false)).Relation;
        IReadOnlyList<WrittenFile> written = await writer.WriteAsync(
            $"SELECT * FROM {kept} AS kept WHERE ({key}) NOT IN (SELECT ({key}) FROM touched) UNION ALL {query}", cancellationToken).ConfigureAwait(false);
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
            string relation = (await DeltaRelation.OfAsync(batch.Table, batch.Base, [file], cancellationToken).ConfigureAwait(false)).Relation;
            if (await session.CountAsync($"SELECT count(*) FROM {relation} AS held WHERE ({key}) IN (SELECT ({key}) FROM touched)", cancellationToken).ConfigureAwait(false) > 0)
            {
                files.Add(file);
            }
        }

        return files;
    }

    private sealed record Changes(IReadOnlyList<AddFile> Removed, IReadOnlyList<WrittenFile> Written);
}
