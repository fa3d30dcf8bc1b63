namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Functions of the models' dialect, named as in Spark, that DuckDB lacks or names otherwise.</summary>
internal static class DialectMacros
{
    /// <summary>Statements that define them.</summary>
    /// <remarks>Instants become days and seconds by whole numbers: through the calendar of a time zone the same takes ten times as long.</remarks>
    public static IReadOnlyList<string> All { get; } =
    [
        "CREATE TEMP MACRO unix_micros(instant) AS epoch_us(instant)",
        "CREATE TEMP MACRO unix_seconds(instant) AS CAST((epoch_us(instant) - ((epoch_us(instant) % 1000000) + 1000000) % 1000000) // 1000000 AS BIGINT)",
        "CREATE TEMP MACRO to_date(instant) AS CAST(make_timestamp(epoch_us(instant)) AS DATE)",
        "CREATE TEMP MACRO unix_date(day) AS CAST(day - DATE '1970-01-01' AS INTEGER)",
        "CREATE TEMP MACRO datediff(last_day, first_day) AS CAST(last_day - first_day AS INTEGER)",
        "CREATE TEMP MACRO rlike(value, pattern) AS regexp_matches(value, pattern)",
    ];
}
