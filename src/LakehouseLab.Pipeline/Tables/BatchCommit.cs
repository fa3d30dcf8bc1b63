using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.Failures;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>Makes a batch's files a version of its table, with the batch's number in the <c>txn</c>.</summary>
internal static class BatchCommit
{
    /// <summary>Commits.</summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">The version that the batch changes.</param>
    /// <param name="flow">Application of the <c>txn</c>.</param>
    /// <param name="batch">The batch's number.</param>
    /// <param name="removed">Files whose rows leave the table.</param>
    /// <param name="written">Files whose rows come in.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Cancels before the commit is written.</param>
    /// <returns>The version.</returns>
    /// <exception cref="ModelException">Another writer changed the table meanwhile; it is as that writer made it.</exception>
    public static async Task<long> RunAsync(
        DeltaTable table, Snapshot snapshot, string flow, long batch, IReadOnlyCollection<AddFile> removed, IEnumerable<WrittenFile> written, TimeProvider clock, CancellationToken cancellationToken)
    {
        DeltaTransaction transaction = DeltaTransaction.Begin(table, snapshot, clock);
        foreach (AddFile file in removed)
        {
            transaction.Remove(file, dataChange: true);
        }

        foreach (WrittenFile file in written)
        {
            transaction.Add(file.Add);
        }

        transaction.SetTransaction(flow, batch);
        Dictionary<string, string> parameters = new()
        {
            ["mode"] = removed.Count > 0 ? "Overwrite" : "Append",
            ["batch"] = batch.ToString(CultureInfo.InvariantCulture),
        };
        CommitResult result = await transaction.CommitAsync("WRITE", parameters, cancellationToken).ConfigureAwait(false);
        return CommitOutcome.Require(result, table, "this run worked");
    }
}
