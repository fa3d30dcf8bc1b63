using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Files of a table of the lake as a relation that DuckDB reads, with the columns that the log declares.</summary>
internal static class TableRelation
{
    /// <summary>Writes the relation, in parentheses.</summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">A version of it, whose schema holds.</param>
    /// <param name="files">Some of its files, in the order of their rows.</param>
    /// <param name="cancellationToken">Cancels the fetching of files.</param>
    public static async Task<string> OfAsync(DeltaTable table, Snapshot snapshot, IReadOnlyCollection<AddFile> files, CancellationToken cancellationToken)
    {
        StructType schema = snapshot.Metadata.Schema;
        if (files.Count == 0)
        {
            return $"(SELECT {string.Join(", ", schema.Fields.Select(field => $"CAST(NULL AS {TypeOf(field)}) AS {DuckDbSession.Name(field.Name)}"))} WHERE FALSE)";
        }

        List<string> parts = [];
        foreach (IGrouping<string, AddFile> partition in files.GroupBy(file => PartitionOf(snapshot, file)))
        {
            List<string> paths = [];
            foreach (AddFile file in partition)
            {
                paths.Add(await table.GetLocalPathAsync(file, cancellationToken).ConfigureAwait(false));
            }

            parts.Add($"SELECT {string.Join(", ", schema.Fields.Select(field => Column(snapshot, field, partition.First())))} FROM {Parquet(paths)}");
        }

        return $"({string.Join(" UNION ALL ", parts)})";
    }

    /// <summary>Local Parquet files as a relation.</summary>
    public static string Parquet(IEnumerable<string> paths) =>
        $"read_parquet([{string.Join(", ", paths.Select(DuckDbSession.Literal))}], hive_partitioning = false)";

    private static string Column(Snapshot snapshot, StructField field, AddFile file) =>
        snapshot.Metadata.PartitionColumns.Contains(field.Name, StringComparer.OrdinalIgnoreCase)
            ? $"CAST({(file.PartitionValues[field.Name] is { } value ? DuckDbSession.Literal(value) : "NULL")} AS {TypeOf(field)}) AS {DuckDbSession.Name(field.Name)}"
            : DuckDbSession.Name(field.Name);

    private static string PartitionOf(Snapshot snapshot, AddFile file) => string.Join(
        '\0', snapshot.Metadata.PartitionColumns.Select(column => file.PartitionValues.TryGetValue(column, out string? value) ? value ?? "\u0001" : "\u0001"));

    private static string TypeOf(StructField field) => ColumnType.Of(field.Type).DuckDbName;

    /// <summary>The first days of the months that a DATE partition's values name.</summary>
    public static IEnumerable<DateOnly> MonthsOf(IEnumerable<AddFile> files, string column) =>
        files.Select(file => DateOnly.ParseExact(file.PartitionValues[column]!, "yyyy-MM-dd", CultureInfo.InvariantCulture)).Distinct();
}
