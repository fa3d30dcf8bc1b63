using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Keys;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>How a batch's records of the same key were judged.</summary>
/// <param name="Contested">Hashes of the keys that occur more than once, in the batch or in it and the table.</param>
/// <param name="Duplicates">Records equal to an earlier one of the same key.</param>
internal sealed record ContestResult(IReadOnlyCollection<long> Contested, long Duplicates);

/// <summary>
/// Finds the first record of each key. Sorted hashes tell which few keys occur more than once, so all others pass without
/// being sorted or compared, and of the table only the files that may hold a contested key are read.
/// </summary>
internal sealed class Contest(DuckDbSession session, StagedQueries queries, KeyIndex index)
{
    /// <summary>Makes the tables <c>contested_hashes</c>, <c>judged</c> and <c>refused</c>.</summary>
    public async Task<ContestResult> JudgeAsync(ModelBatch batch, SourceBatch source, CancellationToken cancellationToken)
    {
        IReadOnlyList<long[]> runs = [.. source.Decoded.Files.Select(file => file.KeyHashes)];
        HashSet<long> contested = [];
        IReadOnlyList<AddFile> holders = await index.FindAsync(batch.Inputs.Full ? [] : batch.Base.Files, runs, contested, cancellationToken).ConfigureAwait(false);
        AddRepeated(runs, contested);
        await ExecuteAsync($"CREATE OR REPLACE TEMP TABLE refused AS {queries.Violating ?? "SELECT 0::BIGINT AS _batch, '' AS _source, 0::BIGINT AS _offset, '' AS reason WHERE FALSE"}", cancellationToken).ConfigureAwait(false);
        await PutHashesAsync(contested, cancellationToken).ConfigureAwait(false);
        if (contested.Count == 0)
        {
            return new ContestResult(contested, 0);
        }

        using LocalLease lease = new();
        string earlier = (await DeltaRelation.OfAsync(batch.Table, batch.Base, holders, lease, cancellationToken).ConfigureAwait(false)).Relation;
        await ExecuteAsync(
            $"""
            CREATE OR REPLACE TEMP TABLE judged AS
            WITH incoming AS MATERIALIZED ({queries.Contested}),
            contested AS (
                SELECT {queries.Columns}, FALSE AS held FROM incoming
                UNION ALL
                SELECT {queries.Columns}, TRUE FROM {earlier} AS earlier WHERE {queries.Key} IN (SELECT {queries.Key} FROM incoming)
            )
            SELECT *, row_number() OVER of_key AS place, {queries.Content} IS NOT DISTINCT FROM first_value({queries.Content}) OVER of_key AS same
            FROM contested
            WINDOW of_key AS (PARTITION BY {queries.Key} ORDER BY held DESC, _batch, _source, _offset)
            """,
            cancellationToken).ConfigureAwait(false);
        await ExecuteAsync("INSERT INTO refused SELECT _batch, _source, _offset, 'conflict with an earlier record of the same key' FROM judged WHERE NOT held AND place > 1 AND NOT same", cancellationToken).ConfigureAwait(false);
        return new ContestResult(contested, await session.CountAsync("SELECT count(*) FROM judged WHERE NOT held AND place > 1 AND same", cancellationToken).ConfigureAwait(false));
    }

    private static void AddRepeated(IReadOnlyList<long[]> runs, HashSet<long> contested)
    {
        for (int i = 0; i < runs.Count; i++)
        {
            SortedHashes.AddRepeated(runs[i], contested);
            for (int j = i + 1; j < runs.Count; j++)
            {
                SortedHashes.AddShared(runs[i], runs[j], contested);
            }
        }
    }

    private Task ExecuteAsync(string sql, CancellationToken cancellationToken) => session.ExecuteAsync(sql, cancellationToken);

    private async Task PutHashesAsync(HashSet<long> hashes, CancellationToken cancellationToken)
    {
        const int PerStatement = 10_000;
        await ExecuteAsync("CREATE OR REPLACE TEMP TABLE contested_hashes (key_hash BIGINT)", cancellationToken).ConfigureAwait(false);
        foreach (long[] some in hashes.Chunk(PerStatement))
        {
            string values = string.Join(", ", some.Select(hash => hash.ToString(CultureInfo.InvariantCulture)));
            await ExecuteAsync($"INSERT INTO contested_hashes SELECT unnest([{values}]::BIGINT[])", cancellationToken).ConfigureAwait(false);
        }
    }
}
