using System.Globalization;
using System.Text.RegularExpressions;

namespace LakehouseLab.Pipeline.Dialect.Rules;

/// <summary>A value's type, as far as it decides whether engines agree.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Precision">Digits of a decimal.</param>
/// <param name="Scale">Digits of a decimal behind the point.</param>
internal readonly partial record struct SqlType(SqlKind Kind, int Precision = 0, int Scale = 0)
{
    /// <summary>The most digits that a decimal has.</summary>
    public const int MaxPrecision = 38;

    private static readonly Dictionary<string, SqlKind> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BOOLEAN"] = SqlKind.Boolean,
        ["INT"] = SqlKind.Int,
        ["BIGINT"] = SqlKind.BigInt,
        ["STRING"] = SqlKind.Text,
        ["DATE"] = SqlKind.Date,
        ["TIMESTAMP"] = SqlKind.Timestamp,
        ["BINARY"] = SqlKind.Binary,
    };

    /// <summary>The names of the dialect's types.</summary>
    public static string Names { get; } = $"{string.Join(", ", s_names.Keys)} and DECIMAL(p,s)";

    /// <summary>Whether it is a number that sums, compares and orders exactly.</summary>
    public bool IsNumber => Kind is SqlKind.Int or SqlKind.BigInt or SqlKind.Wide or SqlKind.Decimal;

    /// <summary>Whether it is a whole number of at most 64 bits.</summary>
    public bool IsWhole => Kind is SqlKind.Int or SqlKind.BigInt;

    /// <summary>Whether nothing is known of it: it is NULL, or something about it is wrong already.</summary>
    public bool IsOpen => Kind is SqlKind.Null or SqlKind.Unknown;

    /// <summary>Reads a type's name.</summary>
    /// <returns>The type, or null when the dialect has none of that name.</returns>
    public static SqlType? TryParse(string name)
    {
        if (s_names.TryGetValue(name, out SqlKind kind))
        {
            return new SqlType(kind);
        }

        Match match = DecimalName().Match(name);
        if (!match.Success)
        {
            return null;
        }

        int precision = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        int scale = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        return precision is >= 1 and <= MaxPrecision && scale <= precision ? new SqlType(SqlKind.Decimal, precision, scale) : null;
    }

    /// <summary>A whole number as a decimal: INT has 10 digits, BIGINT 19.</summary>
    public SqlType AsDecimal() => Kind switch
    {
        SqlKind.Int => new SqlType(SqlKind.Decimal, 10),
        SqlKind.BigInt => new SqlType(SqlKind.Decimal, 19),
        SqlKind.Wide => new SqlType(SqlKind.Decimal, MaxPrecision),
        _ => this,
    };

    /// <summary>The type that holds values of both.</summary>
    /// <returns>It, or null when engines do not agree on one.</returns>
    public static SqlType? Common(SqlType one, SqlType other)
    {
        if (one.IsOpen || other.IsOpen || one == other)
        {
            return one.Kind == SqlKind.Unknown || other.Kind == SqlKind.Unknown ? new SqlType(SqlKind.Unknown) : one.IsOpen ? other : one;
        }

        if (!one.IsNumber || !other.IsNumber)
        {
            return null;
        }

        if (one.Kind != SqlKind.Decimal && other.Kind != SqlKind.Decimal)
        {
            return new SqlType((SqlKind)Math.Max((int)one.Kind, (int)other.Kind));
        }

        SqlType left = one.AsDecimal();
        SqlType right = other.AsDecimal();
        int scale = Math.Max(left.Scale, right.Scale);
        int whole = Math.Max(left.Precision - left.Scale, right.Precision - right.Scale);
        return whole + scale <= MaxPrecision ? new SqlType(SqlKind.Decimal, whole + scale, scale) : null;
    }

    /// <summary>Its name in messages.</summary>
    public override string ToString() => Kind switch
    {
        SqlKind.Null => "NULL",
        SqlKind.Boolean => "BOOLEAN",
        SqlKind.Int => "INT",
        SqlKind.BigInt => "BIGINT",
        SqlKind.Wide => "a sum of whole numbers",
        SqlKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Precision},{Scale})"),
        SqlKind.Ratio => "a ratio",
        SqlKind.Text => "STRING",
        SqlKind.Date => "DATE",
        SqlKind.Truncated => "the result of date_trunc",
        SqlKind.Timestamp => "TIMESTAMP",
        SqlKind.Binary => "BINARY",
        _ => "a value",
    };

    [GeneratedRegex(@"^DECIMAL\(([0-9]{1,2}),([0-9]{1,2})\)$", RegexOptions.IgnoreCase)]
    private static partial Regex DecimalName();
}

/// <summary>Kinds of types. Whole numbers stand in the order in which one holds the other.</summary>
internal enum SqlKind
{
    /// <summary>Not known, since something is wrong already.</summary>
    Unknown,

    /// <summary>NULL alone.</summary>
    Null,

    /// <summary>TRUE or FALSE.</summary>
    Boolean,

    /// <summary>32 bits.</summary>
    Int,

    /// <summary>64 bits.</summary>
    BigInt,

    /// <summary>A sum of whole numbers: 64 bits on Spark, 128 on DuckDB.</summary>
    Wide,

    /// <summary>A decimal.</summary>
    Decimal,

    /// <summary>A whole number by another: a DOUBLE.</summary>
    Ratio,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A day.</summary>
    Date,

    /// <summary>The beginning of a month or the like: a DATE on one engine, an instant on the other.</summary>
    Truncated,

    /// <summary>An instant.</summary>
    Timestamp,

    /// <summary>Bytes.</summary>
    Binary,
}
