using System.Globalization;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Checks;

/// <summary>Holds staged rows against what their model expects of them.</summary>
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

    /// <summary>
    /// Counts the staged rows that break an expectation which lets them stay or fails the batch, and fails it when a required column has
    /// nulls, or an expectation that must hold is broken by more than it tolerates.
    /// </summary>
    /// <returns>The count of each that is broken.</returns>
    /// <exception cref="ModelException">It does not hold; the table stays as it was.</exception>
    public static async Task<IReadOnlyDictionary<string, long>> CheckAsync(IEngineSession session, Model model, StagedRows staged, CancellationToken cancellationToken)
    {
        Dictionary<string, long> violations = await CountAsync(session, model, staged, cancellationToken).ConfigureAwait(false);
        foreach (ModelColumn column in model.Columns.Where(column => !column.Nullable))
        {
            long nulls = staged.NullsOf(column.Name);
            if (nulls > 0)
            {
                string key = await FirstKeyAsync($"{SqlText.Quote(column.Name)} IS NULL").ConfigureAwait(false);
                throw new ModelException($"{nulls} of {staged.Rows} rows have no {column.Name}, which is declared NOT NULL, such as {key}; the table stays as it was. Give it a value in {model.File}, or declare it without NOT NULL");
            }
        }

        foreach (Expectation expectation in model.Expectations)
        {
            if ((expectation.OnViolation == ViolationAction.Fail ? expectation.Tolerance : expectation.FailShare) is { } share
                && violations.TryGetValue(expectation.Name, out long broken) && broken > share * staged.Rows)
            {
                string key = await FirstKeyAsync($"({expectation.Check}) IS FALSE").ConfigureAwait(false);
                string beyond = share > 0 ? string.Create(CultureInfo.InvariantCulture, $", more than the share of {share:0.####} at which it fails") : "";
                throw new ModelException($"{broken} of {staged.Rows} rows break '{expectation.Name}' ({expectation.Check}), such as {key}{beyond}; the table stays as it was. Correct the records, or the expectation in {model.File}");
            }
        }

        return violations;

        async Task<string> FirstKeyAsync(string condition)
        {
            Relation rows = await session.ReadAsync(staged, cancellationToken).ConfigureAwait(false);
            return (await session.QueryAsync($"SELECT min({ModelQuery.KeyText(model)}) FROM {rows.Sql} AS row_set WHERE {condition}", cancellationToken).ConfigureAwait(false))[0][0]!;
        }
    }

    /// <summary>Whether rows break any expectation by more than it tolerates.</summary>
    public static bool FoundWanting(Model model, IReadOnlyDictionary<string, long> violations, long rows) =>
        model.Expectations.Any(expectation => expectation.OnViolation != ViolationAction.Quarantine && Exceeds(expectation, violations, rows));

    private static async Task<Dictionary<string, long>> CountAsync(IEngineSession session, Model model, StagedRows staged, CancellationToken cancellationToken)
    {
        Expectation[] counted = [.. model.Expectations.Where(expectation => expectation.OnViolation is ViolationAction.Warn or ViolationAction.Fail)];
        if (counted.Length == 0)
        {
            return [];
        }

        Relation rows = await session.ReadAsync(staged, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string?> counts;
        try
        {
            counts = await BrokenAsync(counted).ConfigureAwait(false);
        }
        catch (EngineException) when (counted.Length > 1)
        {
            // One alone tells which of them it is.
            List<string?> each = [];
            foreach (Expectation expectation in counted)
            {
                each.AddRange(await NamedAsync(expectation).ConfigureAwait(false));
            }

            counts = each;
        }
        catch (EngineException exception)
        {
            throw NotChecked(counted[0], exception);
        }

        return counted.Zip(counts, (expectation, count) => (expectation.Name, Rows: long.Parse(count!, CultureInfo.InvariantCulture)))
            .Where(broken => broken.Rows > 0)
            .ToDictionary(broken => broken.Name, broken => broken.Rows);

        async Task<IReadOnlyList<string?>> BrokenAsync(params IEnumerable<Expectation> some) => (await session.QueryAsync(
            $"SELECT {string.Join(", ", some.Select(expectation => $"CAST(count(CASE WHEN ({expectation.Check}) IS FALSE THEN 1 END) AS STRING)"))} FROM {rows.Sql} AS row_set",
            cancellationToken).ConfigureAwait(false))[0];

        async Task<IReadOnlyList<string?>> NamedAsync(Expectation expectation)
        {
            try
            {
                return await BrokenAsync(expectation).ConfigureAwait(false);
            }
            catch (EngineException exception)
            {
                throw NotChecked(expectation, exception);
            }
        }

        ModelException NotChecked(Expectation expectation, EngineException exception) => new(
            $"expectation '{expectation.Name}' ({expectation.Check}) cannot be checked: {exception.Reason}; the table stays as it was. Fix it in {model.File}", exception);
    }

    private static bool Exceeds(Expectation expectation, IReadOnlyDictionary<string, long> violations, long rows) =>
        violations.TryGetValue(expectation.Name, out long count) && count > expectation.Tolerance * rows;
}
