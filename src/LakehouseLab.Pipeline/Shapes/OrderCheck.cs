using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>Finds where the result would depend on the order of rows that tie: such a query gives other rows from run to run.</summary>
internal sealed class OrderCheck
{
    private static readonly string[] s_ordered = ["row_number", "lag", "lead", "first_value", "last_value"];

    // Different values have different results.
    private static readonly string[] s_injective = ["unix_date", "unix_micros"];

    private readonly BoundQuery _query;
    private readonly UniqueColumns _unique;
    private readonly List<QueryProblem> _problems = [];
    private readonly HashSet<Relation> _seen = [];

    private OrderCheck(BoundQuery query, UniqueColumns unique)
    {
        _query = query;
        _unique = unique;
    }

    /// <summary>Finds all such places of a query.</summary>
    public static IReadOnlyList<QueryProblem> Run(BoundQuery query, UniqueColumns unique)
    {
        OrderCheck check = new(query, unique);
        check.Visit(query.Result!);
        query.Subqueries.ForEach(subquery => check.Visit(subquery.Relation));
        return check._problems;
    }

    private void Visit(Relation relation)
    {
        if (!_seen.Add(relation))
        {
            return;
        }

        switch (relation)
        {
            case ViewRelation view:
                Visit(view.Input);
                break;
            case JoinRelation join:
                Visit(join.Left);
                Visit(join.Right);
                break;
            case SetRelation set:
                Visit(set.Left);
                Visit(set.Right);
                break;
            case LimitRelation limit:
                Visit(limit.Input);
                CheckLimit(limit);
                break;
            case SelectRelation select:
                if (select.Input is not null)
                {
                    Visit(select.Input);
                }

                CheckWindows(select);
                break;
        }
    }

    private void CheckLimit(LimitRelation limit)
    {
        HashSet<Column> ordered = [.. limit.Query.OrderBy.Select(order => ColumnOf(order.By)).OfType<Column>()];
        if (!IsTotal(ordered, _unique.Of(limit.Input), limit.Columns))
        {
            _problems.Add(new QueryProblem(limit.Query.Limit!.At, $"LIMIT over rows that tie takes any of them: end its ORDER BY with {NameOf(_unique.Of(limit.Input), limit.Columns)}"));
        }
    }

    private void CheckWindows(SelectRelation select)
    {
        IEnumerable<Expression> places = select.Items.Select(static item => item.Value).Concat(Shape.ConditionsOf(select.Select.Qualify));
        foreach (Call call in places.SelectMany(Shape.AllOf).OfType<Call>())
        {
            if (call.Over is not { } over)
            {
                continue;
            }

            Window window = _query.WindowOf(over);
            bool countsRows = window.Frame is { IsRange: false } frame && (frame.From is not null || frame.To is not null);
            if ((countsRows || s_ordered.Contains(call.Name, StringComparer.OrdinalIgnoreCase)) && !IsTotal(select, window, out string remedy))
            {
                _problems.Add(new QueryProblem(call.At, $"{call.Name}() over rows that tie takes them in any order: end the ORDER BY of its window with {remedy}"));
            }
        }
    }

    private bool IsTotal(SelectRelation select, Window window, out string remedy)
    {
        List<Expression> terms = [.. Shape.PartsOf(window)];
        if (select.IsGrouped)
        {
            remedy = "all that GROUP BY names";
            return select.Select.GroupBy.All(group => terms.Exists(term => _query.AreSame(term, group)));
        }

        IReadOnlyList<HashSet<Column>> unique = _unique.Among(select);
        IReadOnlyList<Column> all = select.Input?.Columns ?? [];
        remedy = NameOf(unique, all);
        return IsTotal([.. terms.Select(ColumnOf).OfType<Column>()], unique, all);
    }

    private static bool IsTotal(HashSet<Column> ordered, IReadOnlyList<HashSet<Column>> unique, IReadOnlyList<Column> all) =>
        unique.Any(set => set.IsSubsetOf(ordered)) || all.All(ordered.Contains);

    private static string NameOf(IReadOnlyList<HashSet<Column>> unique, IReadOnlyList<Column> all) =>
        unique.MinBy(static set => set.Count) is { } key ? string.Join(", ", key.Select(static column => column.Name))
        : $"all columns ({string.Join(", ", all.Select(static column => column.Name))}), since none are known to be unique";

    private Column? ColumnOf(Expression expression) => _query.Resolve(expression) switch
    {
        Call { Over: null, Arguments: [{ } argument] } call when s_injective.Contains(call.Name, StringComparer.OrdinalIgnoreCase) => ColumnOf(argument),
        Unary { Operator: "-" } negative => ColumnOf(negative.Operand),
        { } other => _query.ColumnOf(other),
    };
}
