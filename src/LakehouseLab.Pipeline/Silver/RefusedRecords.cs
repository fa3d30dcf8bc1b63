using LakehouseLab.Pipeline.Checks;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Quarantine;

namespace LakehouseLab.Pipeline.Silver;

/// <summary>The records of a batch that could be typed and are refused all the same.</summary>
/// <param name="Rows">They, by <c>_batch</c>, <c>_source</c> and <c>_offset</c>, with the <c>reason</c>; null when there are none.</param>
/// <param name="Broken">The expectations that they break.</param>
internal sealed record RefusedRecords(Relation? Rows, BrokenExpectations Broken)
{
    /// <summary>Finds those that break an expectation, and those that contradict an earlier record of the same key.</summary>
    /// <exception cref="ModelException">More break an expectation than the model allows.</exception>
    public static async Task<RefusedRecords> FindAsync(
        IEngineSession session, ModelBatch batch, DecodedBatch decoded, FirstWins judged, SilverQueries queries, CancellationToken cancellationToken)
    {
        List<string> refusals = [];
        BrokenExpectations broken = BrokenExpectations.None;
        if (queries.Violating is { } query)
        {
            Relation violating = await session.KeepAsync(query, cancellationToken).ConfigureAwait(false);
            long[] counts = await session.CountEachAsync(queries.Broken, violating.Sql, cancellationToken).ConfigureAwait(false);
            long typed = decoded.Totals.Records - decoded.Totals.Rejected - decoded.Totals.LeftOut.Values.Sum();
            broken = await new ExpectationCheck(session, batch.Model).CheckQuarantinedAsync(counts, typed, queries.All, cancellationToken).ConfigureAwait(false);
            refusals.AddRange(counts.Any(static count => count > 0) ? [$"SELECT _batch, _source, _offset, reason FROM {violating.Sql} AS violating"] : Array.Empty<string>());
        }

        if (judged.Conflicts > 0)
        {
            refusals.Add($"SELECT _batch, _source, _offset, '{QuarantineReasons.Conflict}' AS reason FROM {judged.Rows!.Sql} AS judged WHERE {FirstWins.IsLater("NOT same")}");
        }

        return new RefusedRecords(refusals.Count == 0 ? null : new Relation($"({string.Join(" UNION ALL ", refusals)})", ["_batch", "_source", "_offset", "reason"]), broken);
    }
}
