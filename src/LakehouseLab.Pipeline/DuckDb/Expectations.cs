using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

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
        DeltaRelation rows = await DeltaRelation.OfAsync(batch.Table, batch.Base, written.Select(file => file.Add), cancellationToken).ConfigureAwait(false);
        Dictionary<string, long> violations = [];
        foreach (Expectation expectation in batch.Model.Expectations.Where(expectation => expectation.OnViolation is ViolationAction.Warn or ViolationAction.Fail))
        {
            long count = await session.CountAsync($"SELECT count(*) FROM {rows.Relation} AS row_set WHERE ({expectation.Check}) IS FALSE", cancellationToken).ConfigureAwait(false);
            if (count > 0)
            {
                violations[expectation.Name] = count;
            }
        }

        return violations;
    }

    /// <summary>Fails when a required column has nulls, or an expectation that must hold is broken by more than it tolerates.</summary>
    /// <exception cref="ModelException">It does not hold; the table stays as it was.</exception>
    public static void RefuseBroken(Model model, IReadOnlyList<WrittenFile> files, IReadOnlyDictionary<string, long> violations, long rows)
    {
        foreach (ModelColumn column in model.Columns.Where(column => !column.Nullable))
        {
            long nulls = files.Sum(file => file.Nulls.GetValueOrDefault(column.Name));
            if (nulls > 0)
            {
                throw new ModelException($"{model.Table}: {nulls} rows have no {column.Name}, which is declared NOT NULL; the table stays as it was");
            }
        }

        foreach (Expectation expectation in model.Expectations.Where(expectation => expectation.OnViolation == ViolationAction.Fail))
        {
            if (Exceeds(expectation, violations, rows))
            {
                throw new ModelException($"{model.Table}: {violations[expectation.Name]} of {rows} rows break '{expectation.Name}' ({expectation.Check}); the table stays as it was");
            }
        }
    }

    /// <summary>Whether rows break any expectation by more than it tolerates.</summary>
    public static bool FoundWanting(Model model, IReadOnlyDictionary<string, long> violations, long rows) =>
        model.Expectations.Any(expectation => expectation.OnViolation != ViolationAction.Quarantine && Exceeds(expectation, violations, rows));

    private static bool Exceeds(Expectation expectation, IReadOnlyDictionary<string, long> violations, long rows) =>
        violations.TryGetValue(expectation.Name, out long count) && count > expectation.Tolerance * rows;
}
