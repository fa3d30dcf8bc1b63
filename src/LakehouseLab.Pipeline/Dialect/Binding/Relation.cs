using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>Rows with columns, whose names are resolved.</summary>
/// <param name="columns">The columns.</param>
internal abstract class Relation(IReadOnlyList<Column> columns)
{
    /// <summary>The columns.</summary>
    public IReadOnlyList<Column> Columns => columns;
}

/// <summary>A table of the lake.</summary>
internal sealed class TableRelation(string table, IReadOnlyList<Column> columns) : Relation(columns)
{
    /// <summary>The table, as <c>layer.name</c>.</summary>
    public string Table => table;
}

/// <summary>Another relation under other names: its columns, one for one.</summary>
internal sealed class ViewRelation(Relation input, IReadOnlyList<Column> columns) : Relation(columns)
{
    /// <summary>The relation.</summary>
    public Relation Input => input;
}

/// <summary>Two relations joined; its columns are theirs.</summary>
internal sealed class JoinRelation(string kind, Relation left, Relation right, Expression? on) : Relation([.. left.Columns, .. right.Columns])
{
    /// <summary>INNER, LEFT, RIGHT, FULL or CROSS.</summary>
    public string Kind => kind;

    /// <summary>The left relation.</summary>
    public Relation Left => left;

    /// <summary>The right one.</summary>
    public Relation Right => right;

    /// <summary>Which rows go together; null for CROSS.</summary>
    public Expression? On => on;
}

/// <summary>SELECT.</summary>
internal sealed class SelectRelation(Select select, Relation? input, IReadOnlyList<(Column Column, Expression Value)> items, bool isGrouped) : Relation([.. items.Select(static item => item.Column)])
{
    /// <summary>The SELECT.</summary>
    public Select Select => select;

    /// <summary>What it reads; null without FROM.</summary>
    public Relation? Input => input;

    /// <summary>What each column is made of.</summary>
    public IReadOnlyList<(Column Column, Expression Value)> Items => items;

    /// <summary>Whether its rows are groups: by GROUP BY, or all rows as one by an aggregate without it.</summary>
    public bool IsGrouped => isGrouped;
}

/// <summary>Two relations put together, column for column.</summary>
internal sealed class SetRelation(SetOperation operation, Relation left, Relation right, IReadOnlyList<Column> columns) : Relation(columns)
{
    /// <summary>The operation.</summary>
    public SetOperation Operation => operation;

    /// <summary>The left relation.</summary>
    public Relation Left => left;

    /// <summary>The right one.</summary>
    public Relation Right => right;
}

/// <summary>The first rows of a relation, whose columns it has.</summary>
internal sealed class LimitRelation(Query query, Relation input) : Relation(input.Columns)
{
    /// <summary>The query that has the LIMIT, with its order.</summary>
    public Query Query => query;

    /// <summary>The relation.</summary>
    public Relation Input => input;
}
