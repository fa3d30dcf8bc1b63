using System.Globalization;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>
/// The place that staged rows take, as the condition of one overwrite. It holds for all rows that are written: where it reaches
/// rows that are to stay, these are written again.
/// </summary>
/// <param name="spark">The session's statements.</param>
/// <param name="tables">Its names for tables.</param>
internal sealed class StagedPlace(SparkStatements spark, SparkTables tables)
{
    // More values in a condition cost more to plan than a table costs to be written again.
    private const int MostKeys = 10_000;

    /// <summary>The query whose rows are written, and the condition, as far as they are known before the rows are.</summary>
    public async Task<(string Query, string? Place)> PrepareAsync(TableWrite write, string query, CancellationToken cancellationToken) => write.Replaced switch
    {
        ReplacedRows.Keys keys => await OfKeysAsync(write, keys, query, cancellationToken).ConfigureAwait(false),
        ReplacedRows.Days days => (query, ConditionOf(write.Schema, days)),
        _ => (query, null),
    };

    /// <summary>The condition of replaced partitions: those that rows leave and those that rows come into.</summary>
    /// <returns>The condition; null when there is no such partition.</returns>
    public async Task<string?> OfPartitionsAsync(TableWrite write, ReplacedRows.Partitions partitions, string view, CancellationToken cancellationToken)
    {
        string column = SparkText.Identifier(write.PartitionBy!);
        IReadOnlyList<IReadOnlyList<string?>> into = await spark.QueryAsync($"SELECT DISTINCT CAST({column} AS STRING) FROM {view} WHERE {column} IS NOT NULL", cancellationToken).ConfigureAwait(false);
        string[] values = [.. partitions.Values.Concat(into.Select(static row => row[0]!)).Distinct().Order(StringComparer.Ordinal).Select(value => LiteralOf(write.Schema, write.PartitionBy!, value))];
        return values.Length == 0 ? null : $"{column} IN ({string.Join(", ", values)})";
    }

    private static string? ConditionOf(StructType schema, ReplacedRows.Days days)
    {
        string column = SparkText.Identifier(days.Column);
        bool isDay = schema.Find(days.Column)!.Type is PrimitiveType { Name: "date" };
        return days.Spans.Count == 0 ? null : string.Join(" OR ", days.Spans.Select(span =>
            isDay ? $"{column} BETWEEN {Day(span.First)} AND {Day(span.Last)}"
            : span.Last == DateOnly.MaxValue ? $"{column} >= {Instant(span.First)}"
            : $"({column} >= {Instant(span.First)} AND {column} < {Instant(span.Last.AddDays(1))})"));
    }

    private async Task<(string Query, string? Place)> OfKeysAsync(TableWrite write, ReplacedRows.Keys keys, string query, CancellationToken cancellationToken)
    {
        string key = string.Join(", ", keys.Touched.Columns.Select(SparkText.Identifier));
        string? place = await FindPlaceAsync(write, keys, cancellationToken).ConfigureAwait(false);
        string reached = place is null ? "" : $" AND ({place})";
        string kept = $"SELECT * FROM {await tables.RelationAsync(write.Base, cancellationToken).ConfigureAwait(false)} AS held WHERE NOT EXISTS (SELECT 1 FROM {keys.Touched.Sql} AS touched WHERE {Same(keys.Touched.Columns)}){reached}";
        return ($"{kept} UNION ALL SELECT * FROM ({query}) AS renewed", place);
    }

    private static string Same(IEnumerable<string> columns) => string.Join(" AND ", columns.Select(column => $"touched.{SparkText.Identifier(column)} = held.{SparkText.Identifier(column)}"));

    // By the key's first column: what else has one of its values is written again.
    private async Task<string?> FindPlaceAsync(TableWrite write, ReplacedRows.Keys keys, CancellationToken cancellationToken)
    {
        string column = SparkText.Identifier(keys.Touched.Columns[0]);
        string limit = string.Create(CultureInfo.InvariantCulture, $"LIMIT {MostKeys + 1}");
        IReadOnlyList<IReadOnlyList<string?>> values = await spark.QueryAsync($"SELECT DISTINCT CAST({column} AS STRING) FROM {keys.Touched.Sql} AS touched {limit}", cancellationToken).ConfigureAwait(false);
        return values.Count is 0 or > MostKeys || values.Any(static row => row[0] is null) ? null
            : $"{column} IN ({string.Join(", ", values.Select(row => LiteralOf(write.Schema, keys.Touched.Columns[0], row[0]!)))})";
    }

    private static string LiteralOf(StructType schema, string column, string value) => SparkType.Of(schema.Find(column)!.Type) switch
    {
        "STRING" => SqlText.Literal(value),
        "DATE" => $"DATE {SqlText.Literal(value)}",
        { } type => $"CAST({SqlText.Literal(value)} AS {type})",
    };

    private static string Day(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"DATE '{day:yyyy-MM-dd}'");

    private static string Instant(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{day:yyyy-MM-dd} 00:00:00'");
}
