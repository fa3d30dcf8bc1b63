using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>
/// Proves that a query's rows of some keys, or of some months or days, follow from the input's rows of these alone: then the query may be
/// computed from them alone. Columns that still have the input's key or time are followed through the query; whatever puts rows
/// together must keep them apart by these columns.
/// </summary>
/// <param name="query">The query.</param>
internal abstract class LocalityProof(BoundQuery query)
{
    private readonly Dictionary<Relation, Tracks?> _known = [];

    /// <summary>The query.</summary>
    protected BoundQuery Query => query;

    /// <summary>What rows must not be put together with others of, in the plural.</summary>
    protected abstract string What { get; }

    /// <summary>Follows the columns of a relation.</summary>
    /// <returns>Those that still have the input's key or time; null for a relation whose tables do not change with the batch.</returns>
    /// <exception cref="NotLocal">Rows are put together.</exception>
    protected Tracks? Follow(Relation relation)
    {
        if (!_known.TryGetValue(relation, out Tracks? tracks))
        {
            tracks = relation switch
            {
                TableRelation table => Begin(table),
                ViewRelation view => Follow(view.Input)?.Mapped(view.Input.Columns, view.Columns),
                JoinRelation join => OfJoin(join),
                SetRelation set => OfSet(set),
                LimitRelation limit => Follow(limit.Input) is null ? null : throw new NotLocal($"LIMIT takes the first rows of all {What}"),
                SelectRelation select => OfSelect(select),
                _ => throw new NotLocal("its form is not known"),
            };
            _known.Add(relation, tracks);
        }

        return tracks;
    }

    /// <summary>Refuses queries within expressions over tables that change.</summary>
    protected void RefuseSubqueries()
    {
        foreach ((_, Relation relation) in query.Subqueries)
        {
            if (Follow(relation) is not null)
            {
                throw new NotLocal($"a query in an expression reads rows of all {What}");
            }
        }
    }

    /// <summary>The columns of a table with its key or time; null for a table that does not change with the batch.</summary>
    protected abstract Tracks? Begin(TableRelation table);

    /// <summary>What an expression has of the input's key or time; null when it has nothing.</summary>
    protected abstract string? TagOf(Expression expression, Tracks input);

    /// <summary>Whether rows that agree in these are of one key or period.</summary>
    protected abstract bool Covers(IEnumerable<string> tags);

    /// <summary>Whether rows that agree in these may be of several days, though of one period.</summary>
    protected virtual bool MixesDays(IEnumerable<string> tags) => false;

    /// <summary>What a value has that comes from two columns, or is the same in both; null when it has nothing.</summary>
    protected abstract string? Both(string tag, string other);

    /// <summary>What is known of a relation's columns in rows that are joined with another's.</summary>
    protected virtual Tracks Beside(Tracks joined) => joined;

    /// <summary>Looks at a window whose rows are not of one key or period.</summary>
    /// <returns>How far it looks back.</returns>
    /// <exception cref="NotLocal">It is not local.</exception>
    protected virtual Horizon Examine(Call call, Window window, Tracks input) => throw new NotLocal($"a window goes over rows of several {What}");

    /// <summary>Looks at the expressions of a SELECT beside its windows; gives what its columns are beyond their tags.</summary>
    protected virtual void Examine(SelectRelation select, Tracks input, Tracks output)
    {
    }

    /// <summary>Looks at the condition of a join.</summary>
    protected virtual void ExamineJoin(JoinRelation join, Tracks input)
    {
    }

    private Tracks? OfJoin(JoinRelation join)
    {
        Tracks? left = Follow(join.Left);
        Tracks? right = Follow(join.Right);
        ExamineJoin(join, (left ?? new Tracks()).With(right ?? new Tracks()));
        if (left is null || right is null)
        {
            bool keepsChanging = (left, right, join.Kind) is (null, null, _) or (_, _, "INNER" or "CROSS") or (not null, null, "LEFT") or (null, not null, "RIGHT");
            return keepsChanging ? left ?? right : throw new NotLocal($"{join.Kind} JOIN keeps rows of a table without {What}");
        }

        List<string> tags = [];
        foreach ((Column one, Column other) in Equalities.Of(query, join))
        {
            if (left.TagOf(one) is { } tag && right.TagOf(other) is { } with && Both(tag, with) is { } both)
            {
                tags.Add(both);
            }
        }

        if (!Covers(tags) || join.Kind == "FULL")
        {
            throw new NotLocal($"a JOIN puts rows of several {What} together");
        }

        Tracks joined = join.Kind switch
        {
            "LEFT" => left.With(right.WithoutTags()),
            "RIGHT" => right.With(left.WithoutTags()),
            _ => left.With(Beside(right)),
        };
        joined.Horizon = joined.Horizon.Mixing(MixesDays(tags));
        return joined;
    }

    private Tracks? OfSet(SetRelation set)
    {
        Tracks? left = Follow(set.Left);
        Tracks? right = Follow(set.Right);
        if (left is null && right is null)
        {
            return null;
        }

        if (left is null || right is null)
        {
            throw new NotLocal($"{set.Operation.Operator} puts them together with rows of no {What}");
        }

        Tracks output = new() { Horizon = left.Horizon.With(right.Horizon) };
        for (int i = 0; i < set.Columns.Count; i++)
        {
            if (left.TagOf(set.Left.Columns[i]) is { } tag && right.TagOf(set.Right.Columns[i]) is { } with && Both(tag, with) is { } both)
            {
                output.Put(set.Columns[i], both);
            }

            output.Take(set.Columns[i], left, set.Left.Columns[i]);
            output.Take(set.Columns[i], right, set.Right.Columns[i]);
        }

        if (set.Operation is { Operator: "UNION", All: true })
        {
            return output;
        }

        output.Horizon = output.Horizon.Mixing(MixesDays(output.Tags));
        return Covers(output.Tags) ? output : throw new NotLocal($"{set.Operation.Operator} puts rows of several {What} together");
    }

    private Tracks? OfSelect(SelectRelation select)
    {
        if (select.Input is null || Follow(select.Input) is not { } input)
        {
            return null;
        }

        Horizon horizon = Horizon.None;
        if (select.IsGrouped)
        {
            horizon = Gathered(select.Select.GroupBy, input)
                ?? throw new NotLocal(select.Select.GroupBy.Count == 0 ? "an aggregate without GROUP BY puts all rows together" : $"GROUP BY puts rows of several {What} together");
        }

        foreach (Call call in select.Items.Select(static item => item.Value).Concat(Shape.ConditionsOf(select.Select.Qualify)).SelectMany(Shape.AllOf).OfType<Call>())
        {
            if (call.Over is { } over && query.WindowOf(over) is var window)
            {
                horizon = horizon.With(Gathered(window.PartitionBy, input) ?? Examine(call, window, input));
            }
        }

        Tracks output = new() { Horizon = input.Horizon.Then(horizon) };
        foreach ((Column column, Expression value) in select.Items)
        {
            if (TagOf(query.Resolve(value), input) is { } tag)
            {
                output.Put(column, tag);
            }
        }

        Examine(select, input, output);
        if (!select.Select.Distinct)
        {
            return output;
        }

        output.Horizon = output.Horizon.Mixing(MixesDays(output.Tags));
        return Covers(output.Tags) ? output : throw new NotLocal($"DISTINCT puts rows of several {What} together");
    }

    // What putting rows together that agree in some expressions does; null when these are of several keys or periods.
    private Horizon? Gathered(IReadOnlyList<Expression> by, Tracks input) =>
        TagsOf(by, input).ToList() is var tags && Covers(tags) ? Horizon.None.Mixing(MixesDays(tags)) : null;

    private IEnumerable<string> TagsOf(IEnumerable<Expression> expressions, Tracks input) =>
        expressions.Select(expression => TagOf(query.Resolve(expression), input)).OfType<string>();
}
