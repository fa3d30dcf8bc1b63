using DuckDB.NET.Data;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Holds written rows against what their model expects of them.</summary>
internal static class Expectations
{
    /// <summary>The condition that rows which stay in the table fulfil; null when all stay.</summary>
    /// <param name="model">The model.</param>
    /// <param name="actions">What happens with the rows that do not stay.</param>
    public static string? Filter(Model model, params ReadOnlySpan<ViolationAction> actions)
    {
        List<string> checks = [];
        foreach (Expectation expectation in model.Expectations)
        {
            if (actions.Contains(expectation.OnViolation))
            {
                checks.Add($"({expectation.Check}) IS NOT FALSE");
            }
        }

        return checks.Count == 0 ? null : string.Join(" AND ", checks);
    }

    /// <summary>Counts, in the rows that a batch has written, those that break an expectation which lets them stay or fails the batch.</summary>
    /// <returns>The count of each that is broken.</returns>
    public static async Task<Dictionary<string, long>> CountAsync(
        DuckDbSession session, ModelBatch batch, IReadOnlyList<WrittenFile> written, CancellationToken cancellationToken)
    {
        using LocalLease lease = new();
        DeltaRelation rows = await DeltaRelation.OfAsync(batch.Table, batch.Base, written.Select(file => file.Add), lease, cancellationToken).ConfigureAwait(false);
        Dictionary<string, long> violations = [];
        foreach (Expectation expectation in batch.Model.Expectations.Where(expectation => expectation.OnViolation is ViolationAction.Warn or ViolationAction.Fail))
        {
            long count = await CountAsync(session, batch.Model, expectation, rows.Relation, cancellationToken).ConfigureAwait(false);
            if (count > 0)
            {
                violations[expectation.Name] = count;
            }
        }

        return violations;
    }

    private static async Task<long> CountAsync(DuckDbSession session, Model model, Expectation expectation, string relation, CancellationToken cancellationToken)
    {
        try
        {
            return await session.CountAsync($"SELECT count(*) FROM {relation} AS row_set WHERE ({expectation.Check}) IS FALSE", cancellationToken).ConfigureAwait(false);
        }
        catch (ModelException exception) when (exception.InnerException is DuckDBException)
        {
            throw new ModelException($"expectation '{expectation.Name}' ({expectation.Check}) cannot be checked: {ValueFailure.WithoutKind(exception.Message)}; the table stays as it was. Mend it in {model.File}", exception);
        }
    }

    /// <summary>Fails when a required column has nulls, or an expectation that must hold is broken by more than it tolerates.</summary>
    /// <exception cref="ModelException">It does not hold; the table stays as it was.</exception>
    public static async Task RefuseBrokenAsync(
        DuckDbSession session, ModelBatch batch, IReadOnlyList<WrittenFile> files, IReadOnlyDictionary<string, long> violations, CancellationToken cancellationToken)
    {
        Model model = batch.Model;
        long rows = files.Sum(file => file.Rows);
        foreach (ModelColumn column in model.Columns.Where(column => !column.Nullable))
        {
            long nulls = files.Sum(file => NullsOf(file, column.Name));
            if (nulls > 0)
            {
                string key = await FirstKeyAsync($"{SqlText.Quote(column.Name)} IS NULL").ConfigureAwait(false);
                throw new ModelException($"{nulls} of {rows} rows have no {column.Name}, which is declared NOT NULL, such as {key}; the table stays as it was. Give it a value in {model.File}, or declare it without NOT NULL");
            }
        }

        foreach (Expectation expectation in model.Expectations.Where(expectation => expectation.OnViolation == ViolationAction.Fail))
        {
            if (Exceeds(expectation, violations, rows))
            {
                string key = await FirstKeyAsync($"({expectation.Check}) IS FALSE").ConfigureAwait(false);
                throw new ModelException($"{violations[expectation.Name]} of {rows} rows break '{expectation.Name}' ({expectation.Check}), such as {key}; the table stays as it was. Correct the records, or the expectation in {model.File}");
            }
        }

        async Task<string> FirstKeyAsync(string condition)
        {
            using LocalLease lease = new();
            string relation = (await DeltaRelation.OfAsync(batch.Table, batch.Base, files.Select(file => file.Add), lease, cancellationToken).ConfigureAwait(false)).Relation;
            string key = ValueFailure.KeyText(model);
            return (await session.QueryAsync($"SELECT min({key}) FROM {relation} AS row_set WHERE {condition}", static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false))[0];
        }
    }

    /// <summary>Whether rows break any expectation by more than it tolerates.</summary>
    public static bool FoundWanting(Model model, IReadOnlyDictionary<string, long> violations, long rows) =>
        model.Expectations.Any(expectation => expectation.OnViolation != ViolationAction.Quarantine && Exceeds(expectation, violations, rows));

    // A partition column stands in the log, not in the file.
    private static long NullsOf(WrittenFile file, string column) =>
        file.Add.PartitionValues.TryGetValue(column, out string? value) ? (value is null ? file.Rows : 0) : file.Nulls.GetValueOrDefault(column);

    private static bool Exceeds(Expectation expectation, IReadOnlyDictionary<string, long> violations, long rows) =>
        violations.TryGetValue(expectation.Name, out long count) && count > expectation.Tolerance * rows;
}
