using System.Collections.Frozen;
using System.Text.RegularExpressions;
using static LakehouseLab.Pipeline.Dialect.Rules.FunctionKind;

namespace LakehouseLab.Pipeline.Dialect.Rules;

/// <summary>The functions of the dialect: those on which engines were seen to agree. Any other is refused.</summary>
internal static partial class FunctionRules
{
    private static readonly string[] s_units = ["YEAR", "QUARTER", "MONTH", "WEEK"];

    private static readonly SqlType s_bigInt = new(SqlKind.BigInt);
    private static readonly SqlType s_int = new(SqlKind.Int);
    private static readonly SqlType s_text = new(SqlKind.Text);
    private static readonly SqlType s_boolean = new(SqlKind.Boolean);
    private static readonly SqlType s_date = new(SqlKind.Date);

    private static readonly FrozenDictionary<string, FunctionRule> s_all = ((FunctionRule[])
    [
        new("coalesce", Scalar, "value, value, …", static given => given.Number(2, int.MaxValue).Common()),
        new("nullif", Scalar, "value, value", static given => Same(given.Number(2, 2))),
        new("greatest", Scalar, "value, value, …", static given => given.Number(2, int.MaxValue).Common()),
        new("least", Scalar, "value, value, …", static given => given.Number(2, int.MaxValue).Common()),
        new("abs", Scalar, "number", static given => given.Number(1, 1).Are(0, 1, SqlKind.Int, SqlKind.BigInt, SqlKind.Decimal)[0]),
        new("round", Scalar, "decimal, decimals", static given => Rounded(given.Number(1, 2).Are(0, 1, SqlKind.Decimal))),
        new("floor", Scalar, "decimal", static given => Whole(given.Number(1, 1).Are(0, 1, SqlKind.Decimal)[0])),
        new("ceil", Scalar, "decimal", static given => Whole(given.Number(1, 1).Are(0, 1, SqlKind.Decimal)[0])),

        new("length", Scalar, "text", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Text), s_bigInt)),
        new("substring", Scalar, "text, first, characters", static given => Part(given)),
        new("left", Scalar, "text, characters", static given => Side(given)),
        new("right", Scalar, "text, characters", static given => Side(given)),
        new("replace", Scalar, "text, 'what', 'by'", static given => Replaced(given)),
        new("translate", Scalar, "text, 'letters', 'letters'", static given => Translated(given)),
        new("split_part", Scalar, "text, 'separator', number", static given => Split(given)),
        new("instr", Scalar, "text, text", static given => Of(given.Number(2, 2).Are(0, 2, SqlKind.Text), s_bigInt)),
        new("startswith", Scalar, "text, text", static given => Of(given.Number(2, 2).Are(0, 2, SqlKind.Text), s_boolean)),
        new("endswith", Scalar, "text, text", static given => Of(given.Number(2, 2).Are(0, 2, SqlKind.Text), s_boolean)),
        new("contains", Scalar, "text, text", static given => Of(given.Number(2, 2).Are(0, 2, SqlKind.Text), s_boolean)),
        new("rlike", Scalar, "text, 'pattern'", static given => Matched(given)),
        new("md5", Scalar, "text", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Text), s_text)),

        new("to_date", Scalar, "instant", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Timestamp, SqlKind.Date), s_date)),
        new("date_trunc", Scalar, "'MONTH', day", static given => Truncated(given)),
        new("last_day", Scalar, "day", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Date), s_date)),
        new("year", Scalar, "day", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Date), s_bigInt)),
        new("quarter", Scalar, "day", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Date), s_bigInt)),
        new("month", Scalar, "day", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Date), s_bigInt)),
        new("day", Scalar, "day", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Date), s_bigInt)),
        new("datediff", Scalar, "last day, first day", static given => Of(given.Number(2, 2).Are(0, 2, SqlKind.Date), s_int)),
        new("unix_date", Scalar, "day", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Date), s_int)),
        new("unix_seconds", Scalar, "instant", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Timestamp), s_bigInt)),
        new("unix_micros", Scalar, "instant", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Timestamp), s_bigInt)),

        new("count", Aggregate, "*", static given => given.IsStar ? s_bigInt : Of(given.Number(1, 1), s_bigInt)),
        new("sum", Aggregate, "number", static given => Summed(given.Number(1, 1).Are(0, 1, SqlKind.Int, SqlKind.BigInt, SqlKind.Wide, SqlKind.Decimal)[0])),
        new("min", Aggregate, "value", static given => given.Number(1, 1).Common()),
        new("max", Aggregate, "value", static given => given.Number(1, 1).Common()),
        new("bool_and", Aggregate, "condition", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Boolean), s_boolean)),
        new("bool_or", Aggregate, "condition", static given => Of(given.Number(1, 1).Are(0, 1, SqlKind.Boolean), s_boolean)),

        new("row_number", Window, "", static given => Of(given.Number(0, 0), s_bigInt)),
        new("rank", Window, "", static given => Of(given.Number(0, 0), s_bigInt)),
        new("dense_rank", Window, "", static given => Of(given.Number(0, 0), s_bigInt)),
        new("lag", Window, "value, rows", static given => Shifted(given)),
        new("lead", Window, "value, rows", static given => Shifted(given)),
        new("first_value", Window, "value", static given => given.Number(1, 1).Common()),
        new("last_value", Window, "value", static given => given.Number(1, 1).Common()),
    ]).ToFrozenDictionary(static rule => rule.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<FunctionRule> All => s_all.Values;

    /// <summary>The rule of a function.</summary>
    /// <returns>It, or null when the dialect has no function of that name.</returns>
    public static FunctionRule? Find(string name) => s_all.GetValueOrDefault(name);

    private static SqlType Of(FunctionArguments given, SqlType type)
    {
        _ = given;
        return type;
    }

    private static SqlType Same(FunctionArguments given)
    {
        given.Common();
        return given[0];
    }

    private static SqlType Rounded(FunctionArguments given)
    {
        SqlType value = given[0];
        int scale = given.Count == 2 ? (int)given.Whole(1, 0) : 0;
        return value.IsOpen || scale >= value.Scale ? value
            : new SqlType(SqlKind.Decimal, Math.Min(value.Precision - value.Scale + scale + 1, SqlType.MaxPrecision), scale);
    }

    private static SqlType Whole(SqlType value) =>
        value.IsOpen ? value : new SqlType(SqlKind.Decimal, Math.Min(value.Precision - value.Scale + 1, SqlType.MaxPrecision));

    private static SqlType Part(FunctionArguments given)
    {
        given.Number(2, 3).Are(0, 1, SqlKind.Text);
        given.Whole(1, 1);
        if (given.Count == 3)
        {
            given.Whole(2, 0);
        }

        return s_text;
    }

    private static SqlType Side(FunctionArguments given)
    {
        given.Number(2, 2).Are(0, 1, SqlKind.Text).Whole(1, 0);
        return s_text;
    }

    private static SqlType Replaced(FunctionArguments given)
    {
        given.Number(3, 3).Are(0, 3, SqlKind.Text);
        return given.Text(1).Length > 0 ? s_text : throw new TypeProblem("replace() of an empty text is not allowed: engines differ in it");
    }

    private static SqlType Translated(FunctionArguments given)
    {
        given.Number(3, 3).Are(0, 3, SqlKind.Text).Text(1);
        given.Text(2);
        return s_text;
    }

    private static SqlType Split(FunctionArguments given)
    {
        given.Number(3, 3).Are(0, 1, SqlKind.Text).Whole(2, 1);
        return given.Text(1).Length > 0 ? s_text : throw new TypeProblem("split_part() by an empty text is not allowed: engines differ in it");
    }

    private static SqlType Matched(FunctionArguments given)
    {
        string pattern = given.Number(2, 2).Are(0, 1, SqlKind.Text).Text(1);
        return Pattern().IsMatch(pattern)
            ? s_boolean
            : throw new TypeProblem($"rlike(text, '{pattern}'): engines agree on patterns of plain letters, digits, [classes], (groups), | ? * + {{n,m}}, with ^ at the beginning and $ at the end alone");
    }

    private static SqlType Truncated(FunctionArguments given)
    {
        given.Number(2, 2).Are(1, 2, SqlKind.Date, SqlKind.Timestamp);
        return s_units.Contains(given.Text(0), StringComparer.OrdinalIgnoreCase)
            ? new SqlType(SqlKind.Truncated)
            : throw new TypeProblem($"date_trunc('{given.Text(0)}', …) is not allowed: engines agree on {string.Join(", ", s_units)}; a day is to_date(…)");
    }

    private static SqlType Summed(SqlType value) => value.Kind switch
    {
        SqlKind.Decimal => new SqlType(SqlKind.Decimal, SqlType.MaxPrecision, value.Scale),
        _ when value.IsOpen => value,
        _ => new SqlType(SqlKind.Wide),
    };

    private static SqlType Shifted(FunctionArguments given)
    {
        given.Number(1, 2);
        if (given.Count == 2)
        {
            given.Whole(1, 1);
        }

        return given[0].Kind is SqlKind.Ratio or SqlKind.Truncated ? throw given.Wrong() : given[0];
    }

    // No backslash, no dot (which leaves out other ends of lines on each engine), nothing after an opening parenthesis but a group.
    [GeneratedRegex(@"^\^?([A-Za-z0-9 _,;:=@#%&/<>!~'""-]|\[\^?[A-Za-z0-9 _,;:=@#%/<>!~.+*?()|{}$'""-]+\]|\((?!\?)|\)|\||[?*+]|\{[0-9]+(,[0-9]*)?\})*\$?$")]
    private static partial Regex Pattern();
}
