using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>Something that is wrong with a query.</summary>
/// <param name="At">Where in its text.</param>
/// <param name="Message">What, and what to write instead.</param>
internal sealed record QueryProblem(int At, string Message);

/// <summary>A query whose names and types are resolved.</summary>
internal sealed class BoundQuery
{
    private readonly Dictionary<Expression, Column> _columns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Expression> _named = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, SqlType> _types = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Window, Window> _windows = new(ReferenceEqualityComparer.Instance);
    private readonly List<QueryProblem> _problems = [];

    /// <summary>What gives its rows; null when it could not be resolved.</summary>
    public Relation? Result { get; internal set; }

    /// <summary>All that is wrong with it, in the order of the text.</summary>
    public IReadOnlyList<QueryProblem> Problems => _problems;

    /// <summary>The queries that stand in expressions.</summary>
    public List<(Subquery Expression, Relation Relation)> Subqueries { get; } = [];

    /// <summary>The column that a name stands for; null when it stands for another column's expression, or nothing.</summary>
    public Column? ColumnOf(Expression expression) => Resolve(expression) is { } resolved ? _columns.GetValueOrDefault(resolved) : null;

    /// <summary>The expression itself, or the one that is meant where a column of SELECT is named.</summary>
    public Expression Resolve(Expression expression) => _named.TryGetValue(expression, out Expression? meant) ? Resolve(meant) : expression;

    /// <summary>The type of an expression.</summary>
    public SqlType TypeOf(Expression expression) => _types.GetValueOrDefault(Resolve(expression));

    /// <summary>The window itself, or the one that its name stands for.</summary>
    public Window WindowOf(Window window) => _windows.GetValueOrDefault(window, window);

    /// <summary>Whether two expressions are the same, of the same columns.</summary>
    public bool AreSame(Expression one, Expression other)
    {
        one = Resolve(one);
        other = Resolve(other);
        if (_columns.TryGetValue(one, out Column? column))
        {
            return column == _columns.GetValueOrDefault(other);
        }

        return one.GetType() == other.GetType() && Shape.OwnOf(one) == Shape.OwnOf(other)
            && Shape.PartsOf(one) is var parts && Shape.PartsOf(other) is var others && parts.Count == others.Count
            && parts.Zip(others).All(pair => AreSame(pair.First, pair.Second));
    }

    internal void Put(Expression name, Column column) => _columns[name] = column;

    internal void Put(Expression name, Expression meant) => _named[name] = meant;

    internal void Put(Window named, Window meant) => _windows[named] = meant;

    internal SqlType Put(Expression expression, SqlType type) => _types[expression] = type;

    internal void Fail(int at, string message) => _problems.Add(new QueryProblem(at, message));
}
