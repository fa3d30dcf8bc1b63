using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Keys;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Maintenance;

/// <summary>What a compaction did to a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="FilesBefore">Small files that were rewritten.</param>
/// <param name="FilesAfter">Files that hold their rows now.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Failure">Why the table is as it was; null when it was rewritten.</param>
public sealed record CompactionResult(string Table, int FilesBefore, int FilesAfter, long Rows, string? Failure = null);

/// <summary>Rewrites many small files of a table as few. Rows stay as they are, and older versions stay readable.</summary>
/// <param name="lake">The lake, which the caller has locked.</param>
/// <param name="options">What DuckDB may take of the machine.</param>
/// <param name="clock">The clock.</param>
public sealed class Compaction(Lake lake, DuckDbOptions options, TimeProvider clock)
{
    /// <summary>Files below this size are small: a scan pays more for opening many of them than for reading.</summary>
    public const long SmallFileBytes = 16L << 20;

    /// <summary>So many small files in a partition are rewritten after a pipeline run.</summary>
    public const int PiledUp = 10;

    /// <summary>Compacts tables, one after another; one that fails does not keep the others from it.</summary>
    /// <param name="names">The tables.</param>
    /// <param name="atLeast">Small files that a partition must have to be rewritten, at least 2.</param>
    /// <param name="cancellationToken">Ends it before the next commit.</param>
    /// <returns>What was done, and what failed.</returns>
    public async Task<IReadOnlyList<CompactionResult>> RunAsync(IEnumerable<TableName> names, int atLeast, CancellationToken cancellationToken)
    {
        List<CompactionResult> results = [];
        foreach (TableName name in names)
        {
            try
            {
                results.AddRange(await RunAsync(name, atLeast, cancellationToken).ConfigureAwait(false) is { } result ? [result] : []);
            }
            catch (Exception exception) when (exception is DeltaException or ModelException or StorageException { IsUnavailable: false })
            {
                results.Add(new CompactionResult(name.ToString(), 0, 0, 0, exception.Message));
            }
        }

        return results;
    }

    /// <summary>Compacts a table.</summary>
    /// <param name="name">The table.</param>
    /// <param name="atLeast">Small files that a partition must have to be rewritten, at least 2.</param>
    /// <param name="cancellationToken">Ends it before the commit.</param>
    /// <returns>What was done; null when nothing was to be done.</returns>
    /// <exception cref="DeltaException">The table cannot be read.</exception>
    /// <exception cref="ModelException">Another engine writes the table, or changed it meanwhile, or the rewrite failed; it is as it was.</exception>
    public async Task<CompactionResult?> RunAsync(TableName name, int atLeast, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, name.Prefix);
        if (await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is not { } snapshot)
        {
            return null;
        }

        List<AddFile> small = SmallFilesOf(snapshot, atLeast);
        if (small.Count == 0)
        {
            return null;
        }

        if (WritingEngine.IsOther(snapshot, DuckDbEngine.EngineName, WritingEngine.Lakelab))
        {
            throw new ModelException($"{table.Location} is written by engine '{WritingEngine.OwnerOf(snapshot)}', which rewrites its small files in its own runs: run the pipeline with --engine {WritingEngine.OwnerOf(snapshot)}");
        }

        using ScratchFolder scratch = lake.Store.CreateScratch();
        using DuckDbSession session = new(options, scratch.Path);
        DataFileWriter writer = new(session, table, snapshot.Metadata.Schema, scratch, clock);
        List<WrittenFile> written = [];
        foreach (IGrouping<string, AddFile> partition in PartitionsOf(snapshot).Where(partition => partition.Count() >= atLeast))
        {
            using LocalLease lease = new();
            string rows = (await DeltaRelation.OfAsync(table, snapshot, [.. partition.OrderBy(file => file.ModificationTime).ThenBy(file => file.Path, StringComparer.Ordinal)], lease, cancellationToken).ConfigureAwait(false)).Relation;
            string query = $"SELECT * FROM {rows} AS small";
            written.AddRange(snapshot.Metadata.PartitionColumns is [string column]
                ? await writer.WritePartitionsAsync(query, column, cancellationToken).ConfigureAwait(false)
                : await writer.WriteAsync(query, cancellationToken).ConfigureAwait(false));
        }

        await CommitAsync(table, snapshot, small, written, cancellationToken).ConfigureAwait(false);
        await KeyIndex.DeleteAsync(lake, name, small, cancellationToken).ConfigureAwait(false);
        return new CompactionResult(name.ToString(), small.Count, written.Count, written.Sum(file => file.Rows));
    }

    /// <summary>The small files of a version that are worth rewriting.</summary>
    /// <param name="snapshot">The version.</param>
    /// <param name="atLeast">Small files that a partition must have.</param>
    internal static List<AddFile> SmallFilesOf(Snapshot snapshot, int atLeast) => [.. PartitionsOf(snapshot).Where(partition => partition.Count() >= atLeast).SelectMany(partition => partition)];

    private static IEnumerable<IGrouping<string, AddFile>> PartitionsOf(Snapshot snapshot) => snapshot.Files
        .Where(file => file.Size < SmallFileBytes)
        .GroupBy(file => string.Join('/', snapshot.Metadata.PartitionColumns.Select(column => file.PartitionValues[column])));

    private async Task CommitAsync(DeltaTable table, Snapshot snapshot, List<AddFile> small, List<WrittenFile> written, CancellationToken cancellationToken)
    {
        DeltaTransaction transaction = DeltaTransaction.Begin(table, snapshot, clock);
        small.ForEach(file => transaction.Remove(file, dataChange: false));
        written.ForEach(file => transaction.Add(file.Add with { DataChange = false }));
        CommitResult result = await transaction.CommitAsync("OPTIMIZE", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        CommitOutcome.Require(result, table, "files were rewritten");
    }
}
