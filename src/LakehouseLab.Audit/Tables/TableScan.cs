using LakehouseLab.Audit.Reports;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Storage;
using ParquetSharp;

namespace LakehouseLab.Audit.Tables;

/// <summary>Reads the data files of a table's newest version. A file that is lost or damaged is noted, and the others are read.</summary>
internal sealed class TableScan
{
    private readonly DeltaTable _table;
    private readonly Snapshot _snapshot;
    private readonly Tally _tally;

    private TableScan(DeltaTable table, Snapshot snapshot, Tally tally)
    {
        _table = table;
        _snapshot = snapshot;
        _tally = tally;
    }

    /// <summary>Opens a table.</summary>
    /// <param name="store">The lake's objects.</param>
    /// <param name="prefix">Key of the table's folder.</param>
    /// <param name="tally">Is told when there is no table, or none that can be read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The table, or null when there is nothing to read.</returns>
    public static async Task<TableScan?> OpenAsync(IObjectStore store, string prefix, Tally tally, CancellationToken cancellationToken)
    {
        DeltaTable table = new(store, prefix);
        try
        {
            Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
            tally.IsThere = snapshot is not null;
            return snapshot is null ? null : new TableScan(table, snapshot, tally);
        }
        catch (Exception exception) when (exception is DeltaException or StorageException)
        {
            tally.Damage(table.Location, exception.Message, "restore it from a copy, or delete the table and run lakelab pipeline run");
            return null;
        }
    }

    /// <summary>Visits the rows, file by file.</summary>
    /// <param name="visit">Sees some rows. Throws when they are damaged, before it counts them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="isWanted">Whether a file is to be read; null for all.</param>
    public async Task VisitAsync(Action<TableGroup> visit, CancellationToken cancellationToken, Func<AddFile, bool>? isWanted = null)
    {
        ColumnReading reading = new();
        foreach (AddFile file in _snapshot.Files.Where(file => isWanted?.Invoke(file) ?? true))
        {
            try
            {
                string path = await _table.GetLocalPathAsync(file, cancellationToken).ConfigureAwait(false);
                using ParquetFileReader parquet = new(path);
                long firstRow = 0;
                for (int number = 0; number < parquet.FileMetaData.NumRowGroups; number++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using RowGroupReader group = parquet.RowGroup(number);
                    TableGroup rows = new(file, parquet, group, firstRow, reading);
                    visit(rows);
                    firstRow += rows.Rows;
                }
            }
            catch (Exception exception) when (exception is DeltaException or StorageException { IsUnavailable: false } or ParquetException or FormatException or IOException or OverflowException)
            {
                _tally.Damage(
                    $"{_table.Location}/{file.Path}",
                    exception is DeltaException ? exception.Message : ParquetMessage.Of(exception),
                    "restore it from a copy, or delete the table and run lakelab pipeline run");
            }
        }
    }
}
