using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Flows;

namespace LakehouseLab.Pipeline.Silver;

/// <summary>
/// How a batch's records were judged: of a key the first by (<c>_batch</c>, <c>_source</c>, <c>_offset</c>) wins, so that incremental
/// equals full; an equal one after it is a duplicate, any other a conflict. Only records of contested keys are compared at all.
/// </summary>
/// <param name="Contested">The keys that occur more than once.</param>
/// <param name="Rows">Their rows in the model's columns, with <c>held</c> (it is in the table already), <c>place</c> (from 1, in the order
/// of arrival) and <c>same</c> (it says what the first says); null when no key is contested.</param>
/// <param name="Duplicates">How many records are equal to an earlier one of the same key.</param>
/// <param name="Conflicts">How many records have the key of an earlier one, and another content.</param>
internal sealed record FirstWins(ContestedKeys Contested, Relation? Rows, long Duplicates, long Conflicts)
{
    /// <summary>Judges a batch's records.</summary>
    public static async Task<FirstWins> JudgeAsync(IEngineSession session, ModelBatch batch, DecodedBatch decoded, SilverQueries queries, CancellationToken cancellationToken)
    {
        ContestedKeys contested = await session.FindContestedAsync(decoded, batch.Inputs.Full ? null : batch.Base, batch.Model.Key, cancellationToken).ConfigureAwait(false);
        if (contested.Hashes is not { } hashes)
        {
            return new FirstWins(contested, null, 0, 0);
        }

        Relation judged = await session.KeepAsync(await JudgedAsync(session, queries, hashes, contested.Earlier, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        long[] later = await session.CountEachAsync([IsLater("same"), IsLater("NOT same")], judged.Sql, cancellationToken).ConfigureAwait(false);
        return new FirstWins(contested, judged, later[0], later[1]);
    }

    /// <summary>The condition of <see cref="Rows"/> that came after another of their key.</summary>
    /// <param name="condition">A condition beside.</param>
    public static string IsLater(string condition) => $"NOT held AND place > 1 AND {condition}";

    private static async Task<string> JudgedAsync(IEngineSession session, SilverQueries queries, Relation hashes, Relation? earlier, CancellationToken cancellationToken)
    {
        Relation incoming = await session.KeepAsync(queries.OfContested(hashes), cancellationToken).ConfigureAwait(false);
        string held = earlier is null ? ""
            : $"UNION ALL SELECT {queries.Columns}, TRUE FROM {earlier.Sql} AS earlier WHERE ({queries.Key}) IN (SELECT {queries.Key} FROM {incoming.Sql})";
        return $"""
            SELECT *, row_number() OVER of_key AS place, {queries.Content} IS NOT DISTINCT FROM first_value({queries.Content}) OVER of_key AS same
            FROM (SELECT {queries.Columns}, FALSE AS held FROM {incoming.Sql} {held}) AS contested
            WINDOW of_key AS (PARTITION BY {queries.Key} ORDER BY held DESC, _batch, _source, _offset)
            """;
    }
}
