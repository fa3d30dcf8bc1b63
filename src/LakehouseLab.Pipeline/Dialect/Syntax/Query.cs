namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>A query: <c>WITH … body ORDER BY … LIMIT …</c>.</summary>
/// <param name="At">Where it begins in the text.</param>
/// <param name="With">Queries with names, each of which may use those before it.</param>
/// <param name="Body">What gives the rows.</param>
/// <param name="OrderBy">Their order.</param>
/// <param name="Limit">How many at most; null for all.</param>
internal sealed record Query(int At, IReadOnlyList<NamedQuery> With, QueryBody Body, IReadOnlyList<Ordering> OrderBy, Expression? Limit);

/// <summary>A query with a name.</summary>
internal sealed record NamedQuery(int At, string Name, IReadOnlyList<string>? Columns, Query Query);

/// <summary>What gives a query's rows.</summary>
internal abstract record QueryBody(int At);

/// <summary>Two queries put together: UNION, INTERSECT or EXCEPT.</summary>
internal sealed record SetOperation(int At, string Operator, bool All, QueryBody Left, QueryBody Right) : QueryBody(At);

/// <summary>A query in parentheses.</summary>
internal sealed record NestedQuery(int At, Query Query) : QueryBody(At);

/// <summary>SELECT.</summary>
internal sealed record Select(int At, bool Distinct, IReadOnlyList<SelectItem> Items, FromItem? From, Expression? Where) : QueryBody(At)
{
    /// <summary>What groups have in common; empty without GROUP BY.</summary>
    public IReadOnlyList<Expression> GroupBy { get; init; } = [];

    /// <summary>Which groups count.</summary>
    public Expression? Having { get; init; }

    /// <summary>Which rows count, once windows are known.</summary>
    public Expression? Qualify { get; init; }

    /// <summary>Windows with names.</summary>
    public IReadOnlyList<(string Name, Window Window)> Windows { get; init; } = [];
}

/// <summary>What SELECT gives: an expression, or, when that is null, all columns of a relation or of all.</summary>
internal sealed record SelectItem(int At, Expression? Value, string? Name, string? StarOf);

/// <summary>What stands after FROM.</summary>
internal abstract record FromItem(int At);

/// <summary>A table of the lake, by <c>ref</c> or <c>source</c>.</summary>
internal sealed record LakeTable(int At, string Table, bool IsSource, string? Alias, IReadOnlyList<string>? Columns) : FromItem(At);

/// <summary>A query of WITH, by its name.</summary>
internal sealed record NamedRelation(int At, string Name, string? Alias, IReadOnlyList<string>? Columns) : FromItem(At);

/// <summary>A query in parentheses.</summary>
internal sealed record DerivedTable(int At, Query Query, string? Alias, IReadOnlyList<string>? Columns) : FromItem(At);

/// <summary>Two relations joined.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Kind">INNER, LEFT, RIGHT, FULL or CROSS.</param>
/// <param name="Left">The left relation.</param>
/// <param name="Right">The right one.</param>
/// <param name="On">Which rows go together; null for CROSS.</param>
internal sealed record Join(int At, string Kind, FromItem Left, FromItem Right, Expression? On) : FromItem(At);
