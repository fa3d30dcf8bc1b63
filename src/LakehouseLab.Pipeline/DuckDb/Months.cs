using System.Globalization;
using LakehouseLab.Delta.Log;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Partitions by month: a DATE, the month's first day.</summary>
internal static class Months
{
    /// <summary>The months of some files.</summary>
    public static IEnumerable<DateOnly> Of(IEnumerable<AddFile> files, string partitionColumn) => files.Select(file => Of(file, partitionColumn)).Distinct();

    /// <summary>The month of a file.</summary>
    public static DateOnly Of(AddFile file, string partitionColumn) =>
        DateOnly.ParseExact(file.PartitionValues[partitionColumn]!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
