using System.Globalization;

namespace LakehouseLab.Pipeline.Engines;

/// <summary>Queries with one answer.</summary>
internal static class EngineQueries
{
    /// <summary>Counts a query's rows.</summary>
    /// <param name="session">The session.</param>
    /// <param name="rows">What stands after SELECT count(*): FROM and conditions.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The query failed.</exception>
    public static async Task<long> CountAsync(this IEngineSession session, string rows, CancellationToken cancellationToken) =>
        long.Parse((await session.QueryAsync($"SELECT CAST(count(*) AS STRING) {rows}", cancellationToken).ConfigureAwait(false))[0][0]!, CultureInfo.InvariantCulture);

    /// <summary>Counts the rows that fulfil some conditions, each for itself.</summary>
    /// <param name="session">The session.</param>
    /// <param name="conditions">The conditions, at least one.</param>
    /// <param name="rows">The rows, as they stand after FROM.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The query failed.</exception>
    public static async Task<long[]> CountEachAsync(this IEngineSession session, IEnumerable<string> conditions, string rows, CancellationToken cancellationToken)
    {
        string counts = string.Join(", ", conditions.Select(static condition => $"CAST(count(CASE WHEN {condition} THEN 1 END) AS STRING)"));
        IReadOnlyList<IReadOnlyList<string?>> counted = await session.QueryAsync($"SELECT {counts} FROM {rows} AS row_set", cancellationToken).ConfigureAwait(false);
        return [.. counted[0].Select(static count => long.Parse(count!, CultureInfo.InvariantCulture))];
    }
}
