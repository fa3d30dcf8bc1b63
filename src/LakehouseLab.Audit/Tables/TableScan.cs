using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using ParquetSharp;

namespace LakehouseLab.Audit.Tables;

/// <summary>Reads the data files of a table's newest version. A file that is lost or damaged is noted, and the others are read.</summary>
internal sealed class TableScan
{
    private readonly DeltaTable _table;
    private readonly TableDeclaration _declaration;
    private readonly IReadOnlyList<AddFile> _files;
    private readonly Tally _tally;

    private TableScan(DeltaTable table, TableDeclaration declaration, IReadOnlyList<AddFile> files, Tally tally)
    {
        _table = table;
        _declaration = declaration;
        _files = files;
        _tally = tally;
    }

    /// <summary>Opens a table.</summary>
    /// <param name="store">The lake's objects.</param>
    /// <param name="declaration">What its log should declare.</param>
    /// <param name="tally">Is told when there is no table, or none that can be read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The table, or null when there is nothing to read.</returns>
    public static async Task<TableScan?> OpenAsync(IObjectStore store, TableDeclaration declaration, Tally tally, CancellationToken cancellationToken)
    {
        DeltaTable table = new(store, declaration.Prefix);
        try
        {
            Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
            tally.IsThere = snapshot is not null;
            if (snapshot is null)
            {
                return null;
            }

            LogCheck.Run(declaration, snapshot, tally);
            LogCheck.CheckSpellings(snapshot, tally);
            return new TableScan(table, declaration, FilePaths.Distinct(snapshot, tally), tally);
        }
        catch (Exception exception) when (exception is DeltaException or StorageException)
        {
            tally.Damage(table.Location, exception.Message, "restore it from a copy, or delete the table and run lakelab pipeline run");
            return null;
        }
    }

    /// <summary>Visits the rows for the first time, file by file, and holds each file against what the log and its own footer say of it.</summary>
    /// <param name="shard">Whose files are visited.</param>
    /// <param name="visit">Sees some rows. Throws when they are damaged, before it counts them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task CheckAsync(Shard shard, Action<TableGroup> visit, CancellationToken cancellationToken) =>
        VisitAsync(visit, shard, (file, path) => new FileCheck(_declaration, file, path, _tally), cancellationToken);

    /// <summary>The same table for another part of the audit, which reads it at the same time and does not repeat what cannot be read.</summary>
    public TableScan Beside() => new(_table, _declaration, _files, new Tally(AuditLayer.Lake, _declaration.Name));

    /// <summary>Visits the rows again, file by file.</summary>
    /// <param name="visit">Sees some rows.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task VisitAsync(Action<TableGroup> visit, CancellationToken cancellationToken) => VisitAsync(visit, ShardShare.Whole, static (_, _) => null, cancellationToken);

    private async Task VisitAsync(Action<TableGroup> visit, Shard shard, Func<AddFile, string, FileCheck?> begin, CancellationToken cancellationToken)
    {
        ColumnReading reading = new();
        foreach ((int number, AddFile file) in _files.Index().Where(file => shard.Takes(file.Index)))
        {
            try
            {
                using LocalLease lease = new();
                string path = await _table.GetLocalPathAsync(file, lease, cancellationToken).ConfigureAwait(false);
                FileCheck? check = begin(file, path);
                using ParquetFileReader parquet = new(path);
                long firstRow = 0;
                for (int at = 0; at < parquet.FileMetaData.NumRowGroups; at++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using RowGroupReader group = parquet.RowGroup(at);
                    TableGroup rows = new(file, number, parquet, group, firstRow, reading, check);
                    visit(rows);
                    check?.EndGroup(rows);
                    firstRow += rows.Rows;
                }

                check?.End(firstRow);
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
