using System.Globalization;
using DuckDB.NET.Data;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// Finds the value at which a model's query fails, since the engine tells neither column nor key: first one that its declared type
/// cannot hold, else a column that cannot be computed and, by halving the keys, where.
/// </summary>
internal sealed class ValueFailure(DuckDbSession session, Model model, string compiled)
{
    private const string AsItWas = "the table stays as it was";

    // How the engine begins its messages about values.
    private static readonly string[] s_kinds = ["Conversion Error: ", "Out of Range Error: ", "Invalid Input Error: "];

    // What a division of decimals by zero gives.
    private static readonly string[] s_notFinite = ["inf", "-inf", "nan"];

    /// <summary>Whether a failure is about a value.</summary>
    public static bool IsOne(ModelException failure) =>
        failure.InnerException is DuckDBException && s_kinds.Any(kind => failure.Message.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>An engine's message without the kind of failure that it begins with.</summary>
    public static string WithoutKind(string message) =>
        message.IndexOf(": ", StringComparison.Ordinal) is var end and > 0 && message[..end].EndsWith(" Error", StringComparison.Ordinal) ? message[(end + 2)..] : message;

    /// <summary>Explains a failure of the query.</summary>
    public async Task<ModelException> ExplainAsync(ModelException failure, CancellationToken cancellationToken)
    {
        string reason = WithoutKind(failure.Message);
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
            catch (ModelException exception) when (IsOne(exception))
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
        List<(string, string)> found = await session.QueryAsync(
            $"SELECT {KeyText(model)}, CAST({name} AS VARCHAR) FROM ({compiled}) AS model WHERE {name} IS NOT NULL AND TRY_CAST({name} AS {TypeOf(column)}) IS NULL ORDER BY {KeyList()} LIMIT 1",
            static reader => (reader.GetString(0), reader.GetString(1)),
            cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>An expression that tells a row's key: <c>day 2026-01-31, user_id 7</c>.</summary>
    public static string KeyText(Model model) =>
        string.Join(" || ', ' || ", model.Key.Select(key => $"{SqlText.Literal(key + " ")} || coalesce(CAST({SqlText.Quote(key)} AS VARCHAR), 'null')"));

    // One key column after the other, of which the first value is kept at which the column still fails.
    private async Task<string?> LocateAsync(string column, CancellationToken cancellationToken)
    {
        List<string> found = [];
        string where = "TRUE";
        foreach (string key in model.Key)
        {
            string name = SqlText.Quote(key);
            await session.ExecuteAsync(
                $"CREATE OR REPLACE TEMP TABLE candidates AS SELECT row_number() OVER (ORDER BY value) AS place, CAST(value AS VARCHAR) AS value FROM (SELECT DISTINCT {name} AS value FROM ({compiled}) AS model WHERE {where} AND {name} IS NOT NULL) AS different",
                cancellationToken).ConfigureAwait(false);
            if (await FindFirstAsync(column, model.Column(key), where, cancellationToken).ConfigureAwait(false) is { } value)
            {
                found.Add($"{key} {value}");
                where += $" AND {name} = {LiteralOf(model.Column(key), value)}";
            }
        }

        await session.ExecuteAsync("DROP TABLE IF EXISTS candidates", cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? null : string.Join(", ", found);
    }

    // Null when no other value passes: then the engine computes all rows whatever key is asked for, and the key is not known.
    private async Task<string?> FindFirstAsync(string column, ModelColumn key, string where, CancellationToken cancellationToken)
    {
        long count = await session.CountAsync("SELECT count(*) FROM candidates", cancellationToken).ConfigureAwait(false);
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
            string.Create(CultureInfo.InvariantCulture, $"SELECT value FROM candidates WHERE place = {place}"), static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false))[0];
    }

    // Other columns are not computed: the engine leaves out what is not asked for.
    private async Task<bool> FailsAsync(string column, string where, CancellationToken cancellationToken)
    {
        try
        {
            await session.QueryAsync($"SELECT bit_xor(hash({SqlText.Quote(column)})) FROM ({compiled}) AS model WHERE {where}", static _ => 0, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (ModelException exception) when (IsOne(exception))
        {
            return true;
        }
    }

    private string KeyList() => string.Join(", ", model.Key.Select(SqlText.Quote));

    private static string TypeOf(ModelColumn column) => DuckDbType.Of(column.Type.DeltaType);

    private static string LiteralOf(ModelColumn key, string value) => $"CAST({SqlText.Literal(value)} AS {TypeOf(key)})";
}
