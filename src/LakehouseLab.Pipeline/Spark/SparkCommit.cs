using System.Globalization;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>
/// Lets Delta's writer on Spark make staged rows a version of their table. It skips a batch by the number of its <c>txn</c> alone, a write
/// goes on when its client dies, and on S3 two writers can overwrite each other's commit: so the log is asked, before and after.
/// </summary>
/// <param name="spark">The session's statements.</param>
/// <param name="tables">Its names for tables.</param>
internal sealed class SparkCommit(SparkStatements spark, SparkTables tables)
{
    /// <summary>Commits.</summary>
    /// <returns>The version. It may be that of an earlier run of the same batch, which had the same inputs.</returns>
    /// <exception cref="ModelException">Another writer changed the table meanwhile, or Spark failed.</exception>
    public async Task<long> RunAsync(StagedView staged, string flow, long batch, CancellationToken cancellationToken)
    {
        TableVersion table = staged.Write.Base;
        if (await FindAsync().ConfigureAwait(false) is { } earlier)
        {
            return earlier;
        }

        Snapshot before = await table.Table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (before.Version != table.Snapshot.Version && staged.Write.Replaced is not ReplacedRows.None)
        {
            throw new ModelException($"{table.Table.Location}: the table was changed in version {before.Version} while this run worked; run the command again, which goes on from there");
        }

        SparkWrite write = WriteOf(await tables.WriteAsync(table.Name, cancellationToken).ConfigureAwait(false), staged, flow, batch);
        try
        {
            await spark.WriteAsync(RowsOf(staged), write, cancellationToken).ConfigureAwait(false);
        }
        catch (ModelException)
        {
            // It may have been done before Spark went away, or by the statement of a run that was killed.
            if (await FindAsync().ConfigureAwait(false) is { } done)
            {
                return done;
            }

            throw;
        }

        return await FindAsync().ConfigureAwait(false)
            ?? throw new ModelException($"{table.Table.Location}: Spark reported a commit after version {before.Version} that is not in the log, so another writer took its place: let one program write the table, and run the command again");

        Task<long?> FindAsync() => table.Table.FindCommitAsync(flow, batch, table.Snapshot.Version, cancellationToken);
    }

    // Rows of a partition come together, or each task would write a file into each partition.
    private static SparkRelation RowsOf(StagedView staged) =>
        staged.Write.PartitionBy is { } column ? $"SELECT /*+ REBALANCE({SparkText.Identifier(column)}) */ * FROM {staged.View}" : $"SELECT * FROM {staged.View}";

    private static SparkWrite WriteOf(SparkWrite table, StagedView staged, string flow, long batch)
    {
        Dictionary<string, string> options = new()
        {
            ["txnAppId"] = flow,
            ["txnVersion"] = batch.ToString(CultureInfo.InvariantCulture),
            ["userMetadata"] = BatchMark.Of(batch),
        };
        if (staged.Place is { } place)
        {
            options["replaceWhere"] = place;
        }

        return table with
        {
            Mode = staged.Place is not null || staged.Write.Replaced is ReplacedRows.All or ReplacedRows.Keys ? SparkWriteMode.Overwrite : SparkWriteMode.Append,
            Options = options,
        };
    }
}
