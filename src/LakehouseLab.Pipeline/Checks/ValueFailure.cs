using System.Globalization;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Checks;

/// <summary>
/// Finds the value at which a model's query fails, since engines tell neither column nor key: first one that its declared type
/// cannot hold, else a column that cannot be computed and, by halving the keys, where.
/// </summary>
internal sealed class ValueFailure(IEngineSession session, Model model, string compiled)
{
    private const string AsItWas = "the table stays as it was";

    // What a division of decimals by zero gives.
    private static readonly string[] s_notFinite = ["inf", "-inf", "nan"];

    /// <summary>Explains a failure of the query.</summary>
    public async Task<ModelException> ExplainAsync(EngineException failure, CancellationToken cancellationToken)
    {
        string reason = failure.Reason;
        foreach (string key in model.Key)
        {
            if (await FailsAsync(key, "TRUE", cancellationToken).ConfigureAwait(false))
            {
                return new ModelException($"column {key} cannot be computed: {reason}; {AsItWas}. Guard its expression in {model.File} and run again", failure);
            }
        }

        List<string> notComputed = [];
        foreach (ModelColumn column in model.Columns)
        {
            try
            {
                if (await FindNotHeldAsync(column, cancellationToken).ConfigureAwait(false) is { } found)
                {
                    return NotHeld(column, found.Key, found.Value, failure);
                }
            }
            catch (EngineException exception) when (exception.IsOfValue)
            {
                notComputed.Add(column.Name);
            }
        }

        if (notComputed.Count == 0)
        {
            return new ModelException($"its query cannot be computed: {reason}; {AsItWas}. Guard the expression in {model.File} and run again", failure);
        }

        string? at = await LocateAsync(notComputed[0], cancellationToken).ConfigureAwait(false);
        return new ModelException(
            $"column {notComputed[0]} cannot be computed{(at is null ? "" : $" at {at}")}: {reason}; {AsItWas}. Guard its expression in {model.File}, or correct the records{(at is null ? "" : " of that key")}; then run again", failure);
    }

    private ModelException NotHeld(ModelColumn column, string key, string value, ModelException failure)
    {
        string remedy = s_notFinite.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? $"It comes of a division by zero: guard it in {model.File}"
            : $"Declare a wider type in {model.File}, or correct the records of that key";
        return new ModelException($"column {column.Name} is {column.Type.Name}, which cannot hold {value} at {key}; {AsItWas}. {remedy}; then run again", failure);
    }

    private async Task<(string Key, string Value)?> FindNotHeldAsync(ModelColumn column, CancellationToken cancellationToken)
    {
        string name = SqlText.Quote(column.Name);
        IReadOnlyList<IReadOnlyList<string?>> found = await session.QueryAsync(
            $"SELECT {ModelQuery.KeyText(model)}, CAST({name} AS STRING) FROM ({compiled}) AS model WHERE {name} IS NOT NULL AND TRY_CAST({name} AS {TypeOf(column)}) IS NULL ORDER BY {KeyList()} LIMIT 1",
            cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? (found[0][0]!, found[0][1]!) : null;
    }

    // One key column after the other, of which the first value is kept at which the column still fails.
    private async Task<string?> LocateAsync(string column, CancellationToken cancellationToken)
    {
        List<string> found = [];
        string where = "TRUE";
        foreach (string key in model.Key)
        {
            string name = SqlText.Quote(key);
            Relation candidates = await session.KeepAsync(
                $"SELECT row_number() OVER (ORDER BY value) AS place, CAST(value AS STRING) AS value FROM (SELECT DISTINCT {name} AS value FROM ({compiled}) AS model WHERE {where} AND {name} IS NOT NULL) AS different",
                cancellationToken).ConfigureAwait(false);
            if (await FindFirstAsync(candidates, column, model.Column(key), where, cancellationToken).ConfigureAwait(false) is { } value)
            {
                found.Add($"{key} {value}");
                where += $" AND {name} = {LiteralOf(model.Column(key), value)}";
            }
        }

        return found.Count == 0 ? null : string.Join(", ", found);
    }

    // Null when no other value passes: then the engine computes all rows whatever key is asked for, and the key is not known.
    private async Task<string?> FindFirstAsync(Relation candidates, string column, ModelColumn key, string where, CancellationToken cancellationToken)
    {
        long count = await session.CountAsync($"FROM {candidates.Sql}", cancellationToken).ConfigureAwait(false);
        long first = 1;
        long last = count;
        bool anyPasses = false;
        while (first < last)
        {
            long middle = first + ((last - first) / 2);
            if (await FailsBetweenAsync(first, middle).ConfigureAwait(false))
            {
                last = middle;
                continue;
            }

            anyPasses = true;
            first = middle + 1;
        }

        return count > 0 && (anyPasses || count == 1 || !await FailsBetweenAsync(count, count).ConfigureAwait(false))
            ? await ValueAsync(first).ConfigureAwait(false)
            : null;

        async Task<bool> FailsBetweenAsync(long from, long to) => await FailsAsync(
            column,
            $"{where} AND {SqlText.Quote(key.Name)} BETWEEN {LiteralOf(key, await ValueAsync(from).ConfigureAwait(false))} AND {LiteralOf(key, await ValueAsync(to).ConfigureAwait(false))}",
            cancellationToken).ConfigureAwait(false);

        async Task<string> ValueAsync(long place) => (await session.QueryAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT value FROM {candidates.Sql} WHERE place = {place}"), cancellationToken).ConfigureAwait(false))[0][0]!;
    }

    // Other columns are not computed: the engine leaves out what is not asked for.
    private async Task<bool> FailsAsync(string column, string where, CancellationToken cancellationToken)
    {
        try
        {
            await session.QueryAsync($"SELECT CAST(bit_xor(hash({SqlText.Quote(column)})) AS STRING) FROM ({compiled}) AS model WHERE {where}", cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (EngineException exception) when (exception.IsOfValue)
        {
            return true;
        }
    }

    private string KeyList() => string.Join(", ", model.Key.Select(SqlText.Quote));

    private string TypeOf(ModelColumn column) => session.TypeOf(column.Type.DeltaType);

    private string LiteralOf(ModelColumn key, string value) => $"CAST({SqlText.Literal(value)} AS {TypeOf(key)})";
}
