namespace LakehouseLab.Pipeline.Dialect.Rules;

/// <summary>The casts on which engines agree, for every value: any other is refused.</summary>
internal static class CastRules
{
    private const int MaxTextScale = 6;

    private static readonly HashSet<(SqlKind From, SqlKind To)> s_allowed =
    [
        (SqlKind.Boolean, SqlKind.Int), (SqlKind.Boolean, SqlKind.BigInt), (SqlKind.Boolean, SqlKind.Text),
        (SqlKind.Int, SqlKind.BigInt), (SqlKind.Int, SqlKind.Decimal), (SqlKind.Int, SqlKind.Text),
        (SqlKind.BigInt, SqlKind.Int), (SqlKind.BigInt, SqlKind.Decimal), (SqlKind.BigInt, SqlKind.Text),
        (SqlKind.Wide, SqlKind.Int), (SqlKind.Wide, SqlKind.BigInt), (SqlKind.Wide, SqlKind.Decimal),
        (SqlKind.Decimal, SqlKind.Decimal), (SqlKind.Decimal, SqlKind.Int), (SqlKind.Decimal, SqlKind.BigInt), (SqlKind.Decimal, SqlKind.Text),
        (SqlKind.Date, SqlKind.Text), (SqlKind.Date, SqlKind.Timestamp),
        (SqlKind.Truncated, SqlKind.Date),
        (SqlKind.Timestamp, SqlKind.Date),
    ];

    /// <summary>The pairs of types that may be cast, the first to the second.</summary>
    public static IReadOnlyCollection<(SqlKind From, SqlKind To)> Allowed => s_allowed;

    /// <summary>Why a cast is refused, and what to write instead.</summary>
    /// <returns>One sentence; null when engines agree on it.</returns>
    public static string? FindProblem(SqlType from, SqlType to)
    {
        if (from.IsOpen || from == to)
        {
            return null;
        }

        return (from.Kind, to.Kind) switch
        {
            (SqlKind.Decimal, SqlKind.Int or SqlKind.BigInt) when from.Scale > 0 => $"engines cut or round {from} differently: write CAST(round(value, 0) AS {to})",
            (SqlKind.Decimal, SqlKind.Text) when from.Scale > MaxTextScale => $"engines write {from} differently: CAST it to at most {MaxTextScale} decimals first",
            (SqlKind.Text, _) => $"engines read texts as {to} differently: type them in Silver{(to.Kind is SqlKind.Date or SqlKind.Timestamp ? $", or write a literal as {to} '…'" : "")}",
            (SqlKind.Ratio, _) => "whole numbers divide exactly alone: write CAST((a - a % b) / b AS BIGINT)",
            (SqlKind.Truncated, not SqlKind.Date) => "engines give date_trunc another type: write CAST(date_trunc('MONTH', day) AS DATE)",
            (SqlKind.Timestamp, SqlKind.Text) => "engines write instants differently: write unix_micros(value), or CAST(to_date(value) AS STRING)",
            (SqlKind.Timestamp, SqlKind.Int or SqlKind.BigInt) => "engines count instants differently: write unix_seconds(value) or unix_micros(value)",
            _ => s_allowed.Contains((from.Kind, to.Kind)) ? null : $"{from} cannot be cast to {to} on every engine",
        };
    }
}
