using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>A table at a glance, from its log alone.</summary>
/// <param name="Name">The table.</param>
/// <param name="Version">Its newest version.</param>
/// <param name="Rows">Its rows, or null when a file has no statistics.</param>
/// <param name="Files">Its data files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Changed">When it was last committed to, or null when the commit was cleaned up.</param>
public sealed record TableSummary(TableName Name, long Version, long? Rows, int Files, long Bytes, DateTimeOffset? Changed)
{
    /// <summary>Summarises a table.</summary>
    /// <exception cref="DeltaException">It cannot be read.</exception>
    public static async Task<TableSummary> OfAsync(TableName name, DeltaTable table, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        long? rows = 0;
        foreach (AddFile file in snapshot.Files)
        {
            rows += file.Rows;
        }

        return new TableSummary(name, snapshot.Version, rows, snapshot.Files.Count, snapshot.Files.Sum(file => file.Size), snapshot.Timestamp);
    }
}
