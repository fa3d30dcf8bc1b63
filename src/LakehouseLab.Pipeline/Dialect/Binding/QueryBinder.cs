using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>
/// Resolves a query's names and types, and finds all on which engines do not agree. It goes on after a problem, so that a user
/// sees all of them at once.
/// </summary>
internal sealed class QueryBinder
{
    private readonly Func<LakeTable, IReadOnlyList<(string Name, SqlType Type)>?> _tables;
    private readonly BoundQuery _bound = new();
    private readonly ExpressionBinder _expressions;

    private QueryBinder(Func<LakeTable, IReadOnlyList<(string Name, SqlType Type)>?> tables)
    {
        _tables = tables;
        _expressions = new ExpressionBinder(_bound, (query, outer) => Bind(query, _with, outer));
    }

    // The queries of WITH that can be used at present.
    private IReadOnlyDictionary<string, Relation> _with = new Dictionary<string, Relation>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Resolves a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="tables">Gives the columns of a table; null for one that is not known.</param>
    public static BoundQuery Bind(Query query, Func<LakeTable, IReadOnlyList<(string Name, SqlType Type)>?> tables)
    {
        QueryBinder binder = new(tables);
        binder._bound.Result = binder.Bind(query, binder._with, null);
        return binder._bound;
    }

    /// <summary>Resolves a condition over some columns, such as an expectation's.</summary>
    public static BoundQuery BindCondition(Expression condition, IReadOnlyList<(string Name, SqlType Type)> columns)
    {
        QueryBinder binder = new(static _ => null);
        Scope scope = new([(null, [.. columns.Select(static column => new Column(column.Name, column.Type))])]);
        SqlType type = binder._expressions.Bind(condition, scope, ExpressionPlace.Row);
        if (!type.IsOpen && type.Kind != SqlKind.Boolean)
        {
            binder._bound.Fail(condition.At, $"a check is a condition, and {type} stands there");
        }

        return binder._bound;
    }

    private Relation? Bind(Query query, IReadOnlyDictionary<string, Relation> outerWith, Scope? outer)
    {
        Dictionary<string, Relation> with = new(outerWith, StringComparer.OrdinalIgnoreCase);
        foreach (NamedQuery named in query.With)
        {
            if (Bind(named.Query, with, outer) is { } relation)
            {
                with[named.Name] = named.Columns is null ? relation : View(relation, named.Columns, named.At);
            }
            else
            {
                return null;
            }
        }

        IReadOnlyDictionary<string, Relation> saved = _with;
        _with = with;
        Relation? body = Bind(query.Body, outer);
        _with = saved;
        if (body is null)
        {
            return null;
        }

        Scope columns = new([(null, body.Columns)]);
        foreach (Ordering order in query.OrderBy)
        {
            _expressions.Bind(order.By, columns, ExpressionPlace.Order);
        }

        if (query.Limit is not null && query.Limit is not Literal { Kind: LiteralKind.Number })
        {
            _bound.Fail(query.Limit.At, "LIMIT takes a whole number that is written out");
        }

        return query.Limit is null ? body : new LimitRelation(query, body);
    }

    private Relation? Bind(QueryBody body, Scope? outer) => body switch
    {
        Select select => Bind(select, outer),
        SetOperation operation => Bind(operation, outer),
        NestedQuery nested => Bind(nested.Query, _with, outer),
        _ => null,
    };

    private SetRelation? Bind(SetOperation operation, Scope? outer)
    {
        if (Bind(operation.Left, outer) is not { } left || Bind(operation.Right, outer) is not { } right)
        {
            return null;
        }

        if (left.Columns.Count != right.Columns.Count)
        {
            _bound.Fail(operation.At, $"{operation.Operator} puts {left.Columns.Count} and {right.Columns.Count} columns together");
            return null;
        }

        List<Column> columns = [];
        foreach ((Column one, Column other) in left.Columns.Zip(right.Columns))
        {
            SqlType? common = SqlType.Common(one.Type, other.Type);
            if (common is null || common.Value.Kind is SqlKind.Ratio or SqlKind.Truncated)
            {
                _bound.Fail(operation.At, $"{operation.Operator} puts {one.Type} and {other.Type} together in column {one.Name}: CAST them to one type");
            }

            columns.Add(new Column(one.Name, common ?? new SqlType(SqlKind.Unknown)));
        }

        return new SetRelation(operation, left, right, columns);
    }

    private SelectRelation? Bind(Select select, Scope? outer)
    {
        Relation? input = null;
        Scope scope = Scope.Empty;
        if (select.From is not null)
        {
            if (Bind(select.From) is not { } from)
            {
                return null;
            }

            (input, scope) = from;
        }

        _expressions.Outer = outer;
        foreach ((string name, Window window) in select.Windows)
        {
            _expressions.Declare(name, window);
        }

        if (select.Where is not null)
        {
            _expressions.BindCondition(select.Where, scope, ExpressionPlace.Row, "WHERE");
        }

        List<(Column, Expression)> items = BindItems(select, scope);
        _expressions.Given = items;
        select.GroupBy.ToList().ForEach(group => _expressions.Bind(group, scope, ExpressionPlace.Group));
        if (select.Having is not null)
        {
            _expressions.BindCondition(select.Having, scope, ExpressionPlace.Having, "HAVING");
        }

        if (select.Qualify is not null)
        {
            _expressions.BindCondition(select.Qualify, scope, ExpressionPlace.Item, "QUALIFY");
        }

        _expressions.Given = [];
        _expressions.ForgetWindows();
        bool isGrouped = select.GroupBy.Count > 0 || select.Having is not null || items.Any(item => Shape.AllOf(item.Item2).Any(IsAggregate));
        return new SelectRelation(select, input, items, isGrouped);
    }

    private static bool IsAggregate(Expression expression) =>
        expression is Call { Over: null } call && FunctionRules.Find(call.Name)?.Kind == FunctionKind.Aggregate;

    private List<(Column Column, Expression Value)> BindItems(Select select, Scope scope)
    {
        List<(Column, Expression)> items = [];
        foreach (SelectItem item in select.Items)
        {
            if (item.Value is { } value)
            {
                SqlType type = _expressions.Bind(value, scope, ExpressionPlace.Item);
                items.Add((new Column(item.Name ?? (value as ColumnName)?.Name ?? "", type), value));
                continue;
            }

            IEnumerable<Column>? all = item.StarOf is null ? scope.Columns : scope.FindRelation(item.StarOf);
            if (all is null)
            {
                _bound.Fail(item.At, $"there is no relation {item.StarOf} here");
            }

            foreach (Column column in all ?? [])
            {
                ColumnName name = new(item.At, item.StarOf, column.Name);
                _bound.Put(name, column);
                _bound.Put(name, column.Type);
                items.Add((new Column(column.Name, column.Type), name));
            }
        }

        return items;
    }

    private (Relation Relation, Scope Scope)? Bind(FromItem item)
    {
        switch (item)
        {
            case LakeTable table:
                return _tables(table) is { } columns
                    ? Named(new TableRelation(table.Table, [.. columns.Select(static column => new Column(column.Name, column.Type))]), table.Alias, table.Columns, table.At)
                    : null;
            case NamedRelation named:
                if (_with.TryGetValue(named.Name, out Relation? known))
                {
                    return Named(known, named.Alias ?? named.Name, named.Columns, named.At);
                }

                _bound.Fail(named.At, $"there is no {named.Name} in WITH: read tables by ref('layer.table')");
                return null;
            case DerivedTable derived:
                return Bind(derived.Query, _with, null) is { } relation ? Named(relation, derived.Alias, derived.Columns, derived.At) : null;
            case Join join:
                return Bind(join);
            default:
                return null;
        }
    }

    private (Relation, Scope)? Bind(Join join)
    {
        if (Bind(join.Left) is not var (left, leftScope) || Bind(join.Right) is not var (right, rightScope))
        {
            return null;
        }

        if (leftScope.FindShared(rightScope) is { } twice)
        {
            _bound.Fail(join.At, $"two relations are named {twice}: name one otherwise by AS");
        }

        Scope scope = leftScope.With(rightScope);
        if (join.On is not null)
        {
            _expressions.BindCondition(join.On, scope, ExpressionPlace.Row, "ON");
        }

        return (new JoinRelation(join.Kind, left, right, join.On), scope);
    }

    // Each mention of a relation has columns of its own, so that a relation joined with itself is not taken for one.
    private (Relation, Scope) Named(Relation relation, string? name, IReadOnlyList<string>? columns, int at)
    {
        ViewRelation view = View(relation, columns, at);
        return (view, new Scope([(name, view.Columns)]));
    }

    private ViewRelation View(Relation relation, IReadOnlyList<string>? names, int at)
    {
        if (names is not null && names.Count != relation.Columns.Count)
        {
            _bound.Fail(at, $"{names.Count} names are given to {relation.Columns.Count} columns");
            names = null;
        }

        return new ViewRelation(relation, [.. relation.Columns.Select((column, i) => new Column(names?[i] ?? column.Name, column.Type))]);
    }
}
