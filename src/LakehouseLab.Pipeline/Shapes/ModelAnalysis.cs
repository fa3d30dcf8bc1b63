using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.Dialect.Syntax;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>Holds a model's text against the dialect, and proves what its header claims as far as the text can.</summary>
internal sealed class ModelAnalysis
{
    private readonly Model _model;
    private readonly Func<TableName, Model?> _find;
    private readonly List<ModelProblem> _problems = [];

    private ModelAnalysis(Model model, Func<TableName, Model?> find)
    {
        _model = model;
        _find = find;
    }

    /// <summary>All that is wrong with the model.</summary>
    public IReadOnlyList<ModelProblem> Problems => _problems;

    /// <summary>What is proven of it; nothing when something is wrong.</summary>
    public ModelShape Shape { get; private set; } = new("it is wrong", [], IsByDay: false, IsKeyUnique: false);

    /// <summary>Analyses a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="find">Gives the model of a table, or null when there is none.</param>
    public static ModelAnalysis Run(Model model, Func<TableName, Model?> find)
    {
        ModelAnalysis analysis = new(model, find);
        analysis.Run();
        return analysis;
    }

    private void Run()
    {
        BoundQuery query = QueryBinder.Bind(_model.Sql.Query, table => TableColumns.Of(table.Table, _find));
        _problems.AddRange(query.Problems.Select(problem => new ModelProblem(_model.Sql.LineOf(problem.At), problem.Message)));
        _model.Expectations.ToList().ForEach(CheckExpectation);
        if (query.Result is not { } result || _problems.Count > 0)
        {
            return;
        }

        CheckColumns(result);
        UniqueColumns unique = new(query, table => TableColumns.KeyOf(table, _find));
        _problems.AddRange(OrderCheck.Run(query, unique).Select(problem => new ModelProblem(_model.Sql.LineOf(problem.At), problem.Message)));
        if (_model.Sql.Source is not null && FindGrouped(result) is { } grouped)
        {
            _problems.Add(new ModelProblem(_model.Sql.LineOf(grouped.Select.At), "aggregates are not allowed in a model of a source(): group in a model that refers to this one by ref()"));
        }

        if (_problems.Count > 0)
        {
            return;
        }

        bool isUnique = IsUnique(result, unique);
        try
        {
            Shape = new ModelShape(null, Prove(query), IsByDay(query), isUnique);
        }
        catch (NotLocal reason)
        {
            Shape = new ModelShape(reason.Message, [], IsByDay: false, isUnique);
        }
    }

    // A table whose months or days are its times is replaced by these in any case.
    private bool IsByDay(BoundQuery query)
    {
        if (_model.Materialization != Materialization.ReplacePartitions || _model.EventTime == _model.PartitionBy)
        {
            return false;
        }

        try
        {
            ProveTime(query, Period.Day, _model.EventTime!);
            return true;
        }
        catch (NotLocal)
        {
            return false;
        }
    }

    private void ProveTime(BoundQuery query, Period period, string time) =>
        TimeProof.Prove(query, period, time, table => TableColumns.TimesOf(table, _find), _model.ReachDays);

    private IReadOnlyList<string> Prove(BoundQuery query)
    {
        switch (_model.Materialization)
        {
            case Materialization.Merge when _model.Sql.Inputs.Count != 1:
                throw new NotLocal("it reads more than one table");
            case Materialization.Merge:
                IReadOnlyList<string> columns = KeyProof.Prove(query, _model.Key);
                foreach ((string key, string column) in _model.Key.Zip(columns))
                {
                    if (_find(_model.Sql.Inputs[0]) is not { } read || read.Column(column).Nullable)
                    {
                        throw new NotLocal($"{column} of {_model.Sql.Inputs[0]} may be NULL");
                    }

                    if (TableColumns.TypeOf(_model.Sql.Inputs[0], column, _find) != TypeOf(_model.Column(key)))
                    {
                        throw new NotLocal($"{key} has another type than {column} of {_model.Sql.Inputs[0]}");
                    }
                }

                return columns;
            case Materialization.ReplacePartitions:
                ProveTime(query, Period.Month, _model.PartitionBy!);
                return [];
            default:
                return [];
        }
    }

    private void CheckExpectation(Expectation expectation)
    {
        try
        {
            BoundQuery check = QueryBinder.BindCondition(QueryParser.ParseExpression(expectation.Check), [.. _model.Columns.Select(static column => (column.Name, TypeOf(column)))]);
            _problems.AddRange(check.Problems.Select(problem => Wrong(problem.Message)));
            if (check.Subqueries.Count > 0)
            {
                _problems.Add(Wrong("a check is over the columns of one row, without queries"));
            }
        }
        catch (SyntaxException exception)
        {
            _problems.Add(Wrong(exception.Message));
        }
        catch (InvalidRequestException exception)
        {
            _problems.Add(Wrong(exception.Message));
        }

        ModelProblem Wrong(string message) => new(expectation.Line, $"expectation '{expectation.Name}' ({expectation.Check}): {message}");
    }

    // The columns that the query gives are those that the header declares, and are cast to its types as engines agree to.
    private void CheckColumns(Relation result)
    {
        foreach (Column column in result.Columns)
        {
            if (_model.Columns.FirstOrDefault(declared => Same(declared.Name, column.Name)) is not { } declared)
            {
                _problems.Add(AtColumns(column.Name.Length == 0 ? "its query gives a column without a name: write AS name" : $"its query gives {column.Name}, which its header does not declare"));
            }
            else if (CastRules.FindProblem(column.Type, TypeOf(declared)) is { } problem)
            {
                _problems.Add(AtColumns($"column {declared.Name} is declared {declared.Type.Name}, and the query gives {column.Type}: {problem}"));
            }
        }

        foreach (ModelColumn declared in _model.Columns)
        {
            int given = result.Columns.Count(column => Same(declared.Name, column.Name));
            if (given != 1)
            {
                _problems.Add(AtColumns(given == 0 ? $"its header declares {declared.Name}, which its query does not give" : $"its query gives {declared.Name} more than once"));
            }
        }
    }

    private bool IsUnique(Relation result, UniqueColumns unique)
    {
        // The month follows from the time, which is checked at every write.
        HashSet<string> key = new(_model.Key, StringComparer.OrdinalIgnoreCase);
        if (_model.Materialization == Materialization.ReplacePartitions && key.Contains(_model.EventTime!) && _model.Column(_model.EventTime!).Type.Name == "DATE")
        {
            key.Add(_model.PartitionBy!);
        }

        // A value that is cast to a narrower type may become equal to another.
        HashSet<Column> columns = [.. result.Columns.Where(column => key.Contains(column.Name) && (column.Type == TypeOf(_model.Column(column.Name)) || column.Type.IsWhole))];
        return unique.Of(result).Any(set => set.IsSubsetOf(columns));
    }

    private static SelectRelation? FindGrouped(Relation relation) => relation switch
    {
        SelectRelation { IsGrouped: true } grouped => grouped,
        SelectRelation { Input: { } input } => FindGrouped(input),
        ViewRelation view => FindGrouped(view.Input),
        _ => null,
    };

    private ModelProblem AtColumns(string message) => new(_model.Lines.GetValueOrDefault("columns", 1), message);

    private static SqlType TypeOf(ModelColumn column) => TableColumns.TypeOf(column.Type);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
