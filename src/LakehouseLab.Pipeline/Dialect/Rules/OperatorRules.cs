namespace LakehouseLab.Pipeline.Dialect.Rules;

/// <summary>The operators on which engines agree, and the types of their results.</summary>
internal static class OperatorRules
{
    /// <summary>The operators with two operands.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "AND", "OR", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"];

    /// <summary>The type of an operation.</summary>
    /// <exception cref="TypeProblem">Engines do not agree on it.</exception>
    public static SqlType TypeOf(string name, SqlType left, SqlType right)
    {
        if (left.Kind == SqlKind.Unknown || right.Kind == SqlKind.Unknown)
        {
            return new SqlType(SqlKind.Unknown);
        }

        switch (name)
        {
            case "AND" or "OR":
                Require(name, left, right, static type => type.Kind == SqlKind.Boolean, "BOOLEAN");
                return new SqlType(SqlKind.Boolean);
            case "||":
                Require(name, left, right, static type => type.Kind == SqlKind.Text, "STRING");
                return new SqlType(SqlKind.Text);
            case "+" or "-" when left.Kind == SqlKind.Date:
                return DayArithmetic(name, right);
            case "+" when right.Kind == SqlKind.Date:
                throw new TypeProblem("a number + DATE is not allowed: write the DATE first");
            case "+" or "-" or "*" or "/" or "%":
                return Arithmetic(name, left, right);
            default:
                return Comparable(left, right)
                    ? new SqlType(SqlKind.Boolean)
                    : throw new TypeProblem($"{left} {name} {right} is not allowed: compare values of the same type, by a CAST");
        }
    }

    /// <summary>Whether values of two types are compared alike by engines.</summary>
    public static bool Comparable(SqlType left, SqlType right) =>
        left.Kind is not (SqlKind.Ratio or SqlKind.Truncated) && right.Kind is not (SqlKind.Ratio or SqlKind.Truncated)
        && (left.IsOpen || right.IsOpen || left.Kind == right.Kind || (left.IsNumber && right.IsNumber));

    private static void Require(string name, SqlType left, SqlType right, Func<SqlType, bool> fits, string type)
    {
        foreach (SqlType operand in (SqlType[])[left, right])
        {
            if (!operand.IsOpen && !fits(operand))
            {
                throw new TypeProblem($"{name} takes {type}, and {operand} stands there: {(type == "STRING" ? "CAST it AS STRING" : "compare it with something")}");
            }
        }
    }

    private static SqlType DayArithmetic(string name, SqlType right) => right.Kind switch
    {
        SqlKind.Int or SqlKind.Null => new SqlType(SqlKind.Date),
        SqlKind.Date => throw new TypeProblem("DATE - DATE is not allowed: write datediff(last, first)"),
        SqlKind.BigInt or SqlKind.Wide => throw new TypeProblem($"DATE {name} BIGINT is not allowed: write CAST(days AS INT)"),
        _ => throw new TypeProblem($"DATE {name} {right} is not allowed: write a number of days"),
    };

    private static SqlType Arithmetic(string name, SqlType left, SqlType right)
    {
        SqlType[] operands = [left, right];
        if (operands.Any(static operand => operand.Kind == SqlKind.Wide))
        {
            throw new TypeProblem($"{name} of a sum is not allowed, since engines keep sums in 64 or 128 bits: write CAST(sum(…) AS BIGINT)");
        }

        if (operands.Where(static operand => !operand.IsOpen && !operand.IsNumber).Select(static operand => (SqlType?)operand).FirstOrDefault() is { } other)
        {
            throw new TypeProblem(other.Kind == SqlKind.Ratio ? "ratios are not exact: write CAST((a - a % b) / b AS BIGINT)"
                : other.Kind == SqlKind.Timestamp ? $"TIMESTAMP {name} a value is not allowed: write unix_seconds(…) or unix_micros(…)"
                : $"{name} takes numbers, and {other} stands there");
        }

        bool decimals = operands.Any(static operand => operand.Kind == SqlKind.Decimal);
        return (name, decimals) switch
        {
            ("/", true) => throw new TypeProblem("/ of decimals is not allowed: engines divide them to other scales. Divide whole numbers of small units: CAST((a - a % b) / b AS BIGINT)"),
            ("/", false) => new SqlType(SqlKind.Ratio),
            ("%", true) => throw new TypeProblem("% of decimals is not allowed: take it of whole numbers"),
            (_, false) => SqlType.Common(left, right) ?? new SqlType(SqlKind.BigInt),
            ("*", true) => Multiplied(left.AsDecimal(), right.AsDecimal()),
            _ => Added(name, left.AsDecimal(), right.AsDecimal()),
        };
    }

    // Spark's rules, which have a digit more than DuckDB's: what they hold, both hold.
    private static SqlType Multiplied(SqlType left, SqlType right) =>
        left.IsOpen || right.IsOpen ? left
        : left.Precision + right.Precision + 1 <= SqlType.MaxPrecision
            ? new SqlType(SqlKind.Decimal, left.Precision + right.Precision + 1, left.Scale + right.Scale)
            : throw new TypeProblem($"{left} * {right} has more than {SqlType.MaxPrecision} digits, which engines cut differently: CAST one to fewer");

    private static SqlType Added(string name, SqlType left, SqlType right)
    {
        if (left.IsOpen || right.IsOpen)
        {
            return left.IsOpen ? right : left;
        }

        int scale = Math.Max(left.Scale, right.Scale);
        int precision = Math.Max(left.Precision - left.Scale, right.Precision - right.Scale) + scale + 1;
        return precision <= SqlType.MaxPrecision
            ? new SqlType(SqlKind.Decimal, precision, scale)
            : throw new TypeProblem($"{left} {name} {right} has more than {SqlType.MaxPrecision} digits, which engines cut differently: CAST them to fewer");
    }
}
