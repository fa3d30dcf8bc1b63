using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Quarantine;

namespace LakehouseLab.Pipeline.Silver;

/// <summary>
/// How a batch's records were judged: of a key the first by (<c>_batch</c>, <c>_source</c>, <c>_offset</c>) wins, so that incremental
/// equals full; an equal one after it is a duplicate, any other a conflict. Only records of contested keys are compared at all.
/// </summary>
/// <param name="Contested">The keys that occur more than once.</param>
/// <param name="Rows">Their rows in the model's columns, with <c>held</c> (it is in the table already), <c>place</c> (from 1, in the order
/// of arrival) and <c>same</c> (it says what the first says); null when no key is contested.</param>
/// <param name="Refused">Records that an expectation or an earlier record of the same key refuses, by <c>_batch</c>, <c>_source</c> and
/// <c>_offset</c>, with the <c>reason</c>; null when there are none.</param>
/// <param name="Duplicates">Records equal to an earlier one of the same key.</param>
internal sealed record FirstWins(ContestedKeys Contested, Relation? Rows, Relation? Refused, long Duplicates)
{
    /// <summary>Judges a batch's records.</summary>
    public static async Task<FirstWins> JudgeAsync(IEngineSession session, ModelBatch batch, DecodedBatch decoded, SilverQueries queries, CancellationToken cancellationToken)
    {
        ContestedKeys contested = await session.FindContestedAsync(decoded, batch.Inputs.Full ? null : batch.Base, batch.Model.Key, cancellationToken).ConfigureAwait(false);
        Relation? judged = contested.Hashes is { } hashes
            ? await session.KeepAsync(await JudgedAsync(session, queries, hashes, contested.Earlier, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
            : null;
        string[] refusals =
        [
            .. queries.Violating is { } violating ? [violating] : Array.Empty<string>(),
            .. judged is null ? Array.Empty<string>() : [$"SELECT _batch, _source, _offset, '{QuarantineReasons.Conflict}' AS reason FROM {judged.Sql} AS judged WHERE NOT held AND place > 1 AND NOT same"],
        ];
        return new FirstWins(
            contested,
            judged,
            refusals.Length == 0 ? null : await session.KeepAsync(string.Join(" UNION ALL ", refusals), cancellationToken).ConfigureAwait(false),
            judged is null ? 0 : await session.CountAsync($"FROM {judged.Sql} AS judged WHERE NOT held AND place > 1 AND same", cancellationToken).ConfigureAwait(false));
    }

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
