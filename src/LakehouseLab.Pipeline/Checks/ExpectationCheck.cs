using System.Globalization;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Checks;

/// <summary>
/// Holds a batch's rows against what their model expects of them, before anything is committed: an expectation that is broken by a
/// larger share than the model allows fails the batch.
/// </summary>
/// <param name="session">The session that has the rows.</param>
/// <param name="model">The model.</param>
internal sealed class ExpectationCheck(IEngineSession session, Model model)
{
    /// <summary>Counts staged rows that break an expectation which lets them stay, and refuses nulls in required columns.</summary>
    /// <exception cref="ModelException">It does not hold; the table stays as it was.</exception>
    public async Task<BrokenExpectations> CheckStagedAsync(StagedRows staged, CancellationToken cancellationToken)
    {
        IReadOnlyList<Expectation> held = Expectations.Of(model, ViolationAction.Warn, ViolationAction.Fail);
        ModelColumn? lacking = model.Columns.FirstOrDefault(column => !column.Nullable && staged.NullsOf(column.Name) > 0);
        if (held.Count == 0 && lacking is null)
        {
            return BrokenExpectations.None;
        }

        Relation rows = await session.ReadAsync(staged, cancellationToken).ConfigureAwait(false);
        long[] counts = held.Count == 0 ? [] : await CountAsync(held, rows.Sql, cancellationToken).ConfigureAwait(false);
        if (lacking is not null)
        {
            string key = await FirstKeyAsync(rows.Sql, $"{SqlText.Quote(lacking.Name)} IS NULL", cancellationToken).ConfigureAwait(false);
            throw new ModelException($"{staged.NullsOf(lacking.Name)} of {staged.Rows} rows have no {lacking.Name}, which is declared NOT NULL, such as {key}; the table stays as it was. Give it a value in {model.File}, or declare it without NOT NULL");
        }

        return await JudgeAsync(held, counts, staged.Rows, rows.Sql, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts the rows of a query that are dropped.</summary>
    /// <param name="rows">The rows, with those that will be dropped.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ModelException">Too many would be dropped; the table stays as it was.</exception>
    public async Task<BrokenExpectations> CheckDroppedAsync(Relation rows, CancellationToken cancellationToken)
    {
        IReadOnlyList<Expectation> held = Expectations.Of(model, ViolationAction.Drop);
        long[] counts = await CountAsync(held, rows.Sql, cancellationToken).ConfigureAwait(false);
        long total = await session.CountAsync($"FROM {rows.Sql} AS row_set", cancellationToken).ConfigureAwait(false);
        return await JudgeAsync(held, counts, total, rows.Sql, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Judges how many records go into quarantine for what they break.</summary>
    /// <param name="counts">How many break each expectation that quarantines, in their order.</param>
    /// <param name="total">How many records were held against them.</param>
    /// <param name="rows">All of them in the model's columns, as they stand after FROM.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ModelException">Too many would be quarantined; the table and quarantine stay as they were.</exception>
    public Task<BrokenExpectations> CheckQuarantinedAsync(IReadOnlyList<long> counts, long total, string rows, CancellationToken cancellationToken) =>
        JudgeAsync(Expectations.Of(model, ViolationAction.Quarantine), counts, total, rows, cancellationToken);

    private async Task<BrokenExpectations> JudgeAsync(IReadOnlyList<Expectation> held, IReadOnlyList<long> counts, long total, string rows, CancellationToken cancellationToken)
    {
        foreach ((Expectation expectation, long broken) in held.Zip(counts))
        {
            if (expectation.FailShare is { } share && broken > share * total)
            {
                string key = await FirstKeyAsync(rows, Expectations.Broken(expectation), cancellationToken).ConfigureAwait(false);
                string beyond = share > 0 ? string.Create(CultureInfo.InvariantCulture, $", more than the share of {share:0.####} at which it fails") : "";
                string remedy = expectation.OnViolation == ViolationAction.Quarantine
                    ? $"the table and quarantine stay as they were. Raise the share in {model.File} if these records belong in quarantine, or correct the expectation"
                    : $"the table stays as it was. Correct the records, or the expectation in {model.File}";
                throw new ModelException($"{broken} of {total} rows break '{expectation.Name}' ({expectation.Check}), such as {key}{beyond}; {remedy}");
            }
        }

        return BrokenExpectations.Of(held.Zip(counts), total);
    }

    private async Task<string> FirstKeyAsync(string rows, string condition, CancellationToken cancellationToken) =>
        (await session.QueryAsync($"SELECT min({ModelQuery.KeyText(model)}) FROM {rows} AS row_set WHERE {condition}", cancellationToken).ConfigureAwait(false))[0][0]!;

    private async Task<long[]> CountAsync(IReadOnlyList<Expectation> held, string rows, CancellationToken cancellationToken)
    {
        try
        {
            return await session.CountEachAsync(held.Select(Expectations.Broken), rows, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException) when (held.Count > 1)
        {
            // One alone tells which of them it is.
            List<long> each = [];
            foreach (Expectation expectation in held)
            {
                each.AddRange(await CountAsync([expectation], rows, cancellationToken).ConfigureAwait(false));
            }

            return [.. each];
        }
        catch (EngineException exception)
        {
            throw new ModelException($"expectation '{held[0].Name}' ({held[0].Check}) cannot be checked: {exception.Reason}; the table stays as it was. Fix it in {model.File}", exception);
        }
    }
}
