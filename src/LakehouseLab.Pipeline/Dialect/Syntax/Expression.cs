namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>An expression.</summary>
/// <param name="At">Where it begins in the text.</param>
internal abstract record Expression(int At);

/// <summary>A column, by its name and perhaps that of its relation.</summary>
internal sealed record ColumnName(int At, string? Relation, string Name) : Expression(At);

/// <summary>A literal.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The number as written, or the text that is meant.</param>
internal sealed record Literal(int At, LiteralKind Kind, string Text) : Expression(At);

/// <summary>What a literal is.</summary>
internal enum LiteralKind
{
    /// <summary>NULL.</summary>
    Null,

    /// <summary>TRUE or FALSE.</summary>
    Boolean,

    /// <summary>Digits, perhaps with a point.</summary>
    Number,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary><c>DATE '2026-01-31'</c>.</summary>
    Date,

    /// <summary><c>TIMESTAMP '2026-01-31 12:30:00'</c>.</summary>
    Timestamp,
}

/// <summary><c>NOT x</c> or <c>-x</c>.</summary>
internal sealed record Unary(int At, string Operator, Expression Operand) : Expression(At);

/// <summary>Two operands and what stands between them: arithmetic, a comparison, <c>AND</c>, <c>OR</c>, <c>||</c>, <c>IS [NOT] DISTINCT FROM</c>.</summary>
internal sealed record Binary(int At, string Operator, Expression Left, Expression Right) : Expression(At);

/// <summary><c>x IS [NOT] NULL</c>, <c>TRUE</c> or <c>FALSE</c>.</summary>
internal sealed record IsTest(int At, Expression Operand, string What, bool Negated) : Expression(At);

/// <summary><c>x [NOT] BETWEEN low AND high</c>.</summary>
internal sealed record Between(int At, Expression Operand, Expression Low, Expression High) : Expression(At);

/// <summary><c>x [NOT] LIKE pattern</c>.</summary>
internal sealed record Like(int At, Expression Operand, Expression Pattern) : Expression(At);

/// <summary><c>x [NOT] IN (a, b)</c>.</summary>
internal sealed record InList(int At, Expression Operand, IReadOnlyList<Expression> Values) : Expression(At);

/// <summary>A query in an expression: its one value, whether it has rows, or, with an operand, whether a row has it.</summary>
internal sealed record Subquery(int At, Expression? Operand, Query Query, bool IsExistence) : Expression(At);

/// <summary><c>CASE</c>, with or without an operand.</summary>
internal sealed record Case(int At, Expression? Operand, IReadOnlyList<(Expression When, Expression Then)> Branches, Expression? Otherwise) : Expression(At);

/// <summary><c>CAST(x AS TYPE)</c>.</summary>
internal sealed record Cast(int At, Expression Operand, string Type, int TypeAt) : Expression(At);

/// <summary>A function call: of a row's values, an aggregate, or, with <see cref="Over"/>, over a window.</summary>
internal sealed record Call(int At, string Name, IReadOnlyList<Expression> Arguments) : Expression(At)
{
    /// <summary>Whether the argument is <c>*</c>.</summary>
    public bool IsStar { get; init; }

    /// <summary>Whether only different values count.</summary>
    public bool IsDistinct { get; init; }

    /// <summary>Which rows count, or null for all.</summary>
    public Expression? Filter { get; init; }

    /// <summary>The window, or null.</summary>
    public Window? Over { get; init; }
}

/// <summary>A window: <c>PARTITION BY … ORDER BY … ROWS|RANGE …</c>.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Name">The name of a window declared elsewhere, which is all then; null for one that is written out.</param>
/// <param name="PartitionBy">What the rows of a window have in common.</param>
/// <param name="OrderBy">Their order.</param>
/// <param name="Frame">Which of them count, or null for the default.</param>
internal sealed record Window(int At, string? Name, IReadOnlyList<Expression> PartitionBy, IReadOnlyList<Ordering> OrderBy, Frame? Frame);

/// <summary>An expression that rows are ordered by.</summary>
internal sealed record Ordering(Expression By, bool Descending);

/// <summary>The rows of a window that count for one of them.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="IsRange">RANGE, not ROWS.</param>
/// <param name="From">The first: rows or values before (negative) or after the present one; null for the window's first.</param>
/// <param name="To">The last, likewise; null for the window's last.</param>
internal sealed record Frame(int At, bool IsRange, long? From, long? To);
