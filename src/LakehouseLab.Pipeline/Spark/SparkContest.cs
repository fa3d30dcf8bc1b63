using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>
/// Finds the keys that occur more than once by joins: keys are random, so no statistics of files help, and a table has no hashes of
/// its keys. Only the key's columns are read of it.
/// </summary>
/// <param name="session">The batch's session.</param>
/// <param name="tables">Its names for tables.</param>
internal sealed class SparkContest(IEngineSession session, SparkTables tables)
{
    // So many keys go to every worker whole; the table then stays where it is.
    private const long MostSentKeys = 1_000_000;

    /// <summary>Finds the contested keys of decoded records.</summary>
    public async Task<ContestedKeys> FindAsync(DecodedView decoded, TableVersion? earlier, CancellationToken cancellationToken)
    {
        string repeated = $"SELECT _key_hash AS key_hash FROM {decoded.View} WHERE _key_hash IS NOT NULL GROUP BY _key_hash HAVING count(*) > 1";
        bool isHeld = earlier is { Files.Count: > 0 };
        string query = isHeld ? $"{repeated} UNION {HeldOf(decoded, await tables.RelationAsync(earlier!, cancellationToken).ConfigureAwait(false))}" : repeated;
        Relation hashes = await session.KeepAsync(query, cancellationToken).ConfigureAwait(false);
        return await session.CountAsync($"FROM {hashes.Sql}", cancellationToken).ConfigureAwait(false) == 0 ? ContestedKeys.None
            : new ContestedKeys(hashes, isHeld ? await session.ReadAsync(earlier!, null, cancellationToken).ConfigureAwait(false) : null);
    }

    private static string HeldOf(DecodedView decoded, string earlier)
    {
        string[] key = [.. decoded.Domain.Key.Columns.Select(static column => SparkText.Identifier(column.Name))];
        string hint = decoded.Totals.Records <= MostSentKeys ? "/*+ BROADCAST(incoming) */ " : "";
        string same = string.Join(" AND ", key.Select(static column => $"incoming.{column} = held.{column}"));
        return $"SELECT {hint}incoming._key_hash FROM (SELECT DISTINCT {string.Join(", ", key)}, _key_hash FROM {decoded.View} WHERE _key_hash IS NOT NULL) AS incoming JOIN {earlier} AS held ON {same}";
    }
}
