using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>Finds, from a query's text and the keys of its tables, columns whose values together occur once in a relation.</summary>
/// <param name="query">The query.</param>
/// <param name="keyOf">Gives the key of a table.</param>
internal sealed class UniqueColumns(BoundQuery query, Func<string, IReadOnlyList<string>> keyOf)
{
    // More than these are not followed through joins, whose sets multiply.
    private const int MaxSets = 8;

    private readonly Dictionary<Relation, Facts> _known = [];

    /// <summary>Sets of columns, each of which is unique; an empty set says that there is one row at most.</summary>
    public IReadOnlyList<HashSet<Column>> Of(Relation relation) => FactsOf(relation).Unique;

    /// <summary>Sets of columns that are unique among the rows that a SELECT's WHERE lets through.</summary>
    public IReadOnlyList<HashSet<Column>> Among(SelectRelation select) => select.Input is null ? [[]] : Filtered(select).Unique;

    private Facts FactsOf(Relation relation)
    {
        if (!_known.TryGetValue(relation, out Facts? facts))
        {
            facts = relation switch
            {
                TableRelation table => OfTable(table),
                ViewRelation view => FactsOf(view.Input).Mapped(Places(view)),
                JoinRelation join => OfJoin(join),
                SelectRelation select => OfSelect(select),
                SetRelation set => set.Operation is { Operator: "UNION", All: true } ? Facts.None : new Facts([[.. set.Columns]], []),
                LimitRelation limit => FactsOf(limit.Input),
                _ => Facts.None,
            };
            _known.Add(relation, facts);
        }

        return facts;
    }

    private Facts OfTable(TableRelation table)
    {
        HashSet<Column> key = [.. keyOf(table.Table).Select(name => table.Columns.FirstOrDefault(column => column.Name == name)).OfType<Column>()];
        return key.Count > 0 && key.Count == keyOf(table.Table).Count ? new Facts([key], []) : Facts.None;
    }

    private static Func<Column, Column?> Places(ViewRelation view) => column =>
    {
        int place = view.Input.Columns.ToList().IndexOf(column);
        return place < 0 ? null : view.Columns[place];
    };

    private Facts OfJoin(JoinRelation join)
    {
        Facts left = FactsOf(join.Left);
        Facts right = FactsOf(join.Right);
        HashSet<Column> ofLeft = [];
        HashSet<Column> ofRight = [];
        foreach ((Column one, Column other) in Equalities.Of(query, join))
        {
            ofLeft.Add(one);
            ofRight.Add(other);
        }

        bool rightOnce = right.Unique.Any(set => set.IsSubsetOf(ofRight));
        bool leftOnce = left.Unique.Any(set => set.IsSubsetOf(ofLeft));
        List<HashSet<Column>> unique = [];
        if (rightOnce && join.Kind is "INNER" or "LEFT")
        {
            unique.AddRange(left.Unique);
        }

        if (leftOnce && join.Kind is "INNER" or "RIGHT")
        {
            unique.AddRange(right.Unique);
        }

        if (join.Kind is "INNER" or "CROSS" or "LEFT")
        {
            unique.AddRange(left.Unique.SelectMany(_ => right.Unique, static (one, other) => (HashSet<Column>)[.. one, .. other]));
        }

        return new Facts([.. unique.Take(MaxSets)], join.Kind is "INNER" or "CROSS" ? [.. left.Ranks, .. right.Ranks] : []);
    }

    private Facts Filtered(SelectRelation select)
    {
        Facts facts = FactsOf(select.Input!);
        foreach (Expression condition in Shape.ConditionsOf(select.Select.Where))
        {
            if (FirstOf(condition) is { } ranked && query.ColumnOf(ranked) is { } column && facts.Ranks.Find(rank => rank.Column == column) is { Per: { } per })
            {
                facts = facts with { Unique = [.. facts.Unique, per] };
            }
        }

        return facts;
    }

    private Facts OfSelect(SelectRelation select)
    {
        List<HashSet<Column>> unique = [];
        List<(Column Column, HashSet<Column> Per)> ranks = [];
        if (select.IsGrouped)
        {
            if (GivenAs(select, select.Select.GroupBy) is { } groups)
            {
                unique.Add(groups);
            }
        }
        else
        {
            Facts input = select.Input is null ? new Facts([[]], []) : Filtered(select);
            Facts mapped = input.Mapped(column => select.Items.FirstOrDefault(item => query.ColumnOf(item.Value) == column).Column);
            unique.AddRange(mapped.Unique);
            ranks.AddRange(mapped.Ranks);
        }

        foreach ((Column column, Expression value) in select.Items)
        {
            if (RankOf(value) is { } window && GivenAs(select, window.PartitionBy) is { } per)
            {
                ranks.Add((column, per));
            }
        }

        foreach (Expression condition in Shape.ConditionsOf(select.Select.Qualify))
        {
            if (FirstOf(condition) is { } ranked && RankOf(ranked) is { } window && GivenAs(select, window.PartitionBy) is { } per)
            {
                unique.Add(per);
            }
        }

        if (select.Select.Distinct)
        {
            unique.Add([.. select.Columns]);
        }

        return new Facts(unique, ranks);
    }

    // x = 1
    private static Expression? FirstOf(Expression condition) =>
        condition is Binary { Operator: "=", Right: Literal { Kind: LiteralKind.Number, Text: "1" } } equality ? equality.Left : null;

    private Window? RankOf(Expression expression) =>
        query.Resolve(expression) is Call { Over: { } over } call && string.Equals(call.Name, "row_number", StringComparison.OrdinalIgnoreCase) ? query.WindowOf(over) : null;

    // The columns that a SELECT gives for some expressions; null when it does not give all.
    private HashSet<Column>? GivenAs(SelectRelation select, IEnumerable<Expression> expressions)
    {
        HashSet<Column> columns = [];
        foreach (Expression expression in expressions)
        {
            if (select.Items.FirstOrDefault(item => query.AreSame(item.Value, expression)).Column is not { } column)
            {
                return null;
            }

            columns.Add(column);
        }

        return columns;
    }

    private sealed record Facts(IReadOnlyList<HashSet<Column>> Unique, List<(Column Column, HashSet<Column> Per)> Ranks)
    {
        public static Facts None { get; } = new([], []);

        public Facts Mapped(Func<Column, Column?> place) => new(
            [.. Unique.Select(set => Mapped(set, place)).OfType<HashSet<Column>>()],
            [.. Ranks.Select(rank => (Column: place(rank.Column), Per: Mapped(rank.Per, place))).Where(rank => rank.Column is not null && rank.Per is not null).Select(rank => (rank.Column!, rank.Per!))]);

        private static HashSet<Column>? Mapped(HashSet<Column> set, Func<Column, Column?> place)
        {
            HashSet<Column> mapped = [.. set.Select(place).OfType<Column>()];
            return mapped.Count == set.Count ? mapped : null;
        }
    }
}
