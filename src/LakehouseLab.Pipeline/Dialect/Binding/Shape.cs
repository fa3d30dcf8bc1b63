using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>Takes expressions apart.</summary>
internal static class Shape
{
    /// <summary>The expressions that one is made of, without those of its window and of queries within it.</summary>
    public static IReadOnlyList<Expression> PartsOf(Expression expression) => expression switch
    {
        Unary unary => [unary.Operand],
        Binary binary => [binary.Left, binary.Right],
        IsTest test => [test.Operand],
        Between between => [between.Operand, between.Low, between.High],
        Like like => [like.Operand, like.Pattern],
        InList list => [list.Operand, .. list.Values],
        Subquery { Operand: { } operand } => [operand],
        Case choice => [.. choice.Operand is null ? Array.Empty<Expression>() : [choice.Operand], .. choice.Branches.SelectMany(static branch => (Expression[])[branch.When, branch.Then]), .. choice.Otherwise is null ? Array.Empty<Expression>() : [choice.Otherwise]],
        Cast cast => [cast.Operand],
        Call call => [.. call.Arguments, .. call.Filter is null ? Array.Empty<Expression>() : [call.Filter]],
        _ => [],
    };

    /// <summary>What an expression says beside its parts; not the same for any two with a query or window.</summary>
    public static string OwnOf(Expression expression) => expression switch
    {
        Literal literal => $"{literal.Kind} {literal.Text}",
        ColumnName name => $"{name.Relation}.{name.Name}",
        Unary unary => unary.Operator,
        Binary binary => binary.Operator,
        IsTest test => $"{test.What} {test.Negated}",
        Cast cast => cast.Type,
        Case choice => $"{choice.Operand is null} {choice.Otherwise is null}",
        Call { Over: null } call => $"{call.Name.ToUpperInvariant()} {call.IsStar} {call.IsDistinct} {call.Filter is null}",
        Call or Subquery => $"{expression.At}",
        _ => "",
    };

    /// <summary>An expression and all within it, without windows and queries.</summary>
    public static IEnumerable<Expression> AllOf(Expression expression) => PartsOf(expression).SelectMany(AllOf).Prepend(expression);

    /// <summary>The parts of a condition that all must hold.</summary>
    public static IEnumerable<Expression> ConditionsOf(Expression? condition) => condition switch
    {
        null => [],
        Binary { Operator: "AND" } both => ConditionsOf(both.Left).Concat(ConditionsOf(both.Right)),
        _ => [condition],
    };

    /// <summary>The expressions of a window.</summary>
    public static IEnumerable<Expression> PartsOf(Window window) => window.PartitionBy.Concat(window.OrderBy.Select(static order => order.By));
}
