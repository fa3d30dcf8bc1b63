using System.Text.Json;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;

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
        IReadOnlyList<HistoryEntry> history = await table.HistoryAsync(cancellationToken).ConfigureAwait(false);
        long? rows = 0;
        foreach (AddFile file in snapshot.Files)
        {
            rows += RowsOf(file);
        }

        return new TableSummary(name, snapshot.Version, rows, snapshot.Files.Count, snapshot.Files.Sum(file => file.Size), history.Count > 0 ? history[0].Timestamp : null);
    }

    private static long? RowsOf(AddFile file)
    {
        if (file.Statistics is null)
        {
            return null;
        }

        try
        {
            using JsonDocument statistics = JsonDocument.Parse(file.Statistics);
            return statistics.RootElement.TryGetProperty("numRecords", out JsonElement rows) && rows.TryGetInt64(out long count) ? count : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Statistics only help to leave out files; without them the rows are not known.
            return null;
        }
    }
}
