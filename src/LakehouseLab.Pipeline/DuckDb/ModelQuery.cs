using DuckDB.NET.Data;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>A model's compiled query in a session: its columns are those that the header declares, and where it fails it tells at which value.</summary>
internal sealed class ModelQuery
{
    private readonly ValueFailure _failure;

    private ModelQuery(DuckDbSession session, Model model, string compiled)
    {
        string typed = TypedOf(model, compiled);
        Rows = Expectations.Filter(model, ViolationAction.Drop) is { } filter ? $"SELECT * FROM ({typed}) AS typed WHERE {filter}" : typed;
        _failure = new ValueFailure(session, model, compiled);
    }

    /// <summary>The query's rows, their columns cast to their declared types, without those that an expectation drops.</summary>
    public string Rows { get; }

    /// <summary>Binds a query; nothing of it is run.</summary>
    /// <exception cref="ModelException">The query is wrong, or gives other columns than the header declares.</exception>
    public static async Task<ModelQuery> OpenAsync(DuckDbSession session, Model model, string compiled, CancellationToken cancellationToken)
    {
        List<string> given;
        try
        {
            given = await session.QueryAsync($"DESCRIBE SELECT * FROM ({compiled}) AS model", static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false);
        }
        catch (ModelException exception) when (exception.InnerException is DuckDBException)
        {
            throw new ModelException($"the query of {model.File} cannot run: {ValueFailure.WithoutKind(exception.Message)}", exception);
        }

        string[] declared = [.. model.Columns.Select(column => column.Name)];
        string[] problems =
        [
            .. given.Except(declared, StringComparer.OrdinalIgnoreCase).Select(name => $"its query gives {name}, which its header does not declare"),
            .. declared.Except(given, StringComparer.OrdinalIgnoreCase).Select(name => $"its header declares {name}, which its query does not give"),
        ];
        return problems.Length == 0
            ? new ModelQuery(session, model, compiled)
            : throw new ModelException($"{string.Join("; ", problems)}: make columns and SELECT of {model.File} agree");
    }

    /// <summary>A compiled query with its columns cast to their declared types.</summary>
    public static string TypedOf(Model model, string compiled) =>
        $"SELECT {string.Join(", ", model.Columns.Select(column => $"CAST({SqlText.Quote(column.Name)} AS {DuckDbType.Of(column.Type.DeltaType)}) AS {SqlText.Quote(column.Name)}"))} FROM ({compiled}) AS model";

    /// <summary>Does what runs the query.</summary>
    /// <exception cref="ModelException">It failed; the message tells column, key and remedy as far as they can be found.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (ModelException exception) when (ValueFailure.IsOne(exception))
        {
            throw await _failure.ExplainAsync(exception, cancellationToken).ConfigureAwait(false);
        }
    }
}
