using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Makes a batch's files a version of its table, with the batch's number in the <c>txn</c>.</summary>
internal static class BatchCommit
{
    /// <summary>Commits.</summary>
    /// <returns>The version.</returns>
    /// <exception cref="ModelException">Another writer changed the table meanwhile; it is as that writer made it.</exception>
    public static async Task<long> RunAsync(
        ModelBatch batch, IReadOnlyCollection<AddFile> removed, IEnumerable<WrittenFile> written, TimeProvider clock, CancellationToken cancellationToken)
    {
        DeltaTransaction transaction = DeltaTransaction.Begin(batch.Table, batch.Base, clock);
        foreach (AddFile file in removed)
        {
            transaction.Remove(file, dataChange: true);
        }

        foreach (WrittenFile file in written)
        {
            transaction.Add(file.Add);
        }

        transaction.SetTransaction(batch.Flow, batch.Number);
        Dictionary<string, string> parameters = new()
        {
            ["mode"] = removed.Count > 0 ? "Overwrite" : "Append",
            ["batch"] = batch.Number.ToString(CultureInfo.InvariantCulture),
        };
        CommitResult result = await transaction.CommitAsync("WRITE", parameters, cancellationToken).ConfigureAwait(false);
        return result switch
        {
            CommitResult.Committed committed => committed.Version,
            CommitResult.Conflict conflict => throw new ModelException(
                $"{batch.Table.Location}: {conflict.Reason} in version {conflict.Version} while this run worked; run the command again, which goes on from there"),
            _ => throw new InvalidOperationException(result.ToString()),
        };
    }
}
