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
}
