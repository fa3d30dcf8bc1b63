using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>The columns that a join sets equal.</summary>
internal static class Equalities
{
    /// <summary>Pairs of a left and a right column, which are equal in every row that is joined.</summary>
    public static IEnumerable<(Column Left, Column Right)> Of(BoundQuery query, JoinRelation join)
    {
        foreach (Expression condition in Shape.ConditionsOf(join.On))
        {
            if (condition is not Binary { Operator: "=" } equality || query.ColumnOf(equality.Left) is not { } one || query.ColumnOf(equality.Right) is not { } other)
            {
                continue;
            }

            if (join.Left.Columns.Contains(one) && join.Right.Columns.Contains(other))
            {
                yield return (one, other);
            }
            else if (join.Left.Columns.Contains(other) && join.Right.Columns.Contains(one))
            {
                yield return (other, one);
            }
        }
    }
}
