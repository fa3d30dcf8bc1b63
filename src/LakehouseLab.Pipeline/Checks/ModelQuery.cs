using LakehouseLab.Pipeline.Engines;
using System.Globalization;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Checks;

/// <summary>A model's compiled query in a session: its columns are those that the header declares, and where it fails it tells at which value.</summary>
internal sealed class ModelQuery
{
    private readonly IEngineSession _session;
    private readonly Model _model;
    private readonly string _compiled;

    private ModelQuery(IEngineSession session, Model model, string compiled)
    {
        _session = session;
        _model = model;
        _compiled = compiled;
    }

    /// <summary>Binds a query; nothing of it is run.</summary>
    /// <exception cref="ModelException">The engine refuses the query.</exception>
    public static async Task<ModelQuery> OpenAsync(IEngineSession session, Model model, string compiled, CancellationToken cancellationToken)
    {
        try
        {
            await session.DescribeAsync($"SELECT * FROM ({compiled}) AS model", cancellationToken).ConfigureAwait(false);
            return new ModelQuery(session, model, compiled);
        }
        catch (EngineException exception)
        {
            throw new ModelException($"the query of {model.File} cannot run: {LineOf(model, exception)}{exception.Reason}", exception);
        }
    }

    /// <summary>A compiled query with its columns cast to their declared types.</summary>
    public static string TypedOf(IEngineSession session, Model model, string compiled) =>
        $"SELECT {string.Join(", ", model.Columns.Select(column => $"CAST({SqlText.Quote(column.Name)} AS {session.TypeOf(column.Type.DeltaType)}) AS {SqlText.Quote(column.Name)}"))} FROM ({compiled}) AS model";

    /// <summary>An expression that tells a row's key: <c>day 2026-01-31, user_id 7</c>.</summary>
    public static string KeyText(Model model) =>
        string.Join(" || ', ' || ", model.Key.Select(key => $"{SqlText.Literal(key + " ")} || coalesce(CAST({SqlText.Quote(key)} AS STRING), 'null')"));

    // The engine names the line of the compiled query, whose lines are those of the model's.
    private static string LineOf(Model model, EngineException exception) =>
        exception.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {model.Sql.FirstLine + line - 1}: ") : "";

    /// <summary>Stages the query's rows, their columns cast to their declared types, without those that an expectation drops.</summary>
    /// <param name="write">What they are to do to their table.</param>
    /// <param name="condition">Which of them; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The rows, and the expectations for which others were dropped.</returns>
    /// <exception cref="ModelException">It failed, or too many rows would be dropped.</exception>
    public async Task<(StagedRows Staged, BrokenExpectations Dropped)> StageAsync(TableWrite write, string? condition, CancellationToken cancellationToken)
    {
        string typed = TypedOf(_session, _model, _compiled);
        string rows = condition is null ? typed : $"SELECT * FROM ({typed}) AS typed WHERE {condition}";
        return await RunAsync<(StagedRows, BrokenExpectations)>(
            async () =>
            {
                if (Expectations.Filter(_model, ViolationAction.Drop) is not { } filter)
                {
                    return (await _session.StageAsync(write, rows, cancellationToken).ConfigureAwait(false), BrokenExpectations.None);
                }

                // Kept, so that the rows that are counted are those that are dropped, and the query runs once.
                Relation all = await _session.KeepAsync(rows, cancellationToken).ConfigureAwait(false);
                BrokenExpectations dropped = await new ExpectationCheck(_session, _model).CheckDroppedAsync(all, cancellationToken).ConfigureAwait(false);
                return (await _session.StageAsync(write, $"SELECT * FROM {all.Sql} AS kept WHERE {filter}", cancellationToken).ConfigureAwait(false), dropped);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does what runs the query.</summary>
    /// <exception cref="ModelException">It failed; the message tells column, key and remedy as far as they can be found.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.IsOfValue)
        {
            throw await new ValueFailure(_session, _model, _compiled).ExplainAsync(exception, cancellationToken).ConfigureAwait(false);
        }
    }
}
