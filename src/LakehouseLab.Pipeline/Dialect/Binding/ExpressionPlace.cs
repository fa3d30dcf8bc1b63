namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>Where an expression stands, which decides what it may use.</summary>
internal enum ExpressionPlace
{
    /// <summary>It is of one row: WHERE, ON, arguments of aggregates, checks.</summary>
    Row,

    /// <summary>In GROUP BY: of one row, and it may name a column of SELECT.</summary>
    Group,

    /// <summary>In HAVING: of a group, and it may name a column of SELECT.</summary>
    Having,

    /// <summary>In SELECT and QUALIFY: of a row or group, with windows.</summary>
    Item,

    /// <summary>In ORDER BY: of the columns that the query gives.</summary>
    Order,
}
