using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Local Parquet files that are not a table's.</summary>
internal static class ParquetFiles
{
    /// <summary>The files as a relation, to stand after FROM.</summary>
    public static string Relation(IEnumerable<string> paths) => $"read_parquet([{string.Join(", ", paths.Select(SqlText.Literal))}], hive_partitioning = false)";
}
