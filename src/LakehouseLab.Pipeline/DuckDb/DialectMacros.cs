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
        "CREATE TEMP MACRO startswith(value, beginning) AS starts_with(value, beginning)",
        "CREATE TEMP MACRO endswith(value, ending) AS ends_with(value, ending)",

        // Spark's $ also stands before the end of a last line.
        """CREATE TEMP MACRO rlike(value, pattern) AS regexp_matches(value, CASE WHEN ends_with(pattern, '$') THEN left(pattern, -1) || '(\r\n|[\n\r\x{85}\x{2028}\x{2029}])?\z' ELSE pattern END)""",
    ];
}
