using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Values;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;

namespace LakehouseLab.Audit.Tables;

/// <summary>Holds what a table's log declares against what it should declare.</summary>
internal static class LogCheck
{
    /// <summary>What to do about a log that says what is not so.</summary>
    public const string Remedy = "restore the table's _delta_log from a copy, or delete the table and run lakelab pipeline run";

    /// <summary>Compares columns and partitions.</summary>
    public static void Run(TableDeclaration declaration, Snapshot snapshot, Tally tally)
    {
        IReadOnlyList<StructField> fields = snapshot.Metadata.Schema.Fields;
        string place = $"{declaration.Prefix}/_delta_log";
        for (int column = 0; column < Math.Max(fields.Count, declaration.Columns.Count); column++)
        {
            string? expected = column < declaration.Columns.Count ? TextOf(declaration.Columns[column]) : null;
            string? found = column < fields.Count ? TextOf(fields[column]) : null;
            if (expected != found)
            {
                string name = column < declaration.Columns.Count ? declaration.Columns[column].Name : fields[column].Name;
                tally.Report(KindOf(expected, found), finding => finding with
                {
                    Place = place, Column = name, Expected = expected, Found = found, Cause = "the log's schema is not the one that the table is declared with", Remedy = Remedy,
                });
            }
        }

        string partitions = declaration.PartitionBy ?? "none";
        string listed = snapshot.Metadata.PartitionColumns.Count == 0 ? "none" : string.Join(", ", snapshot.Metadata.PartitionColumns);
        if (partitions != listed)
        {
            tally.Report(FindingKind.Altered, finding => finding with
            {
                Place = place, Column = "partitionColumns", Expected = partitions, Found = listed, Cause = "the log partitions the table by other columns", Remedy = Remedy,
            });
        }
    }

    /// <summary>Reports files that some readers see twice, or see though they were removed.</summary>
    public static void CheckSpellings(Snapshot snapshot, Tally tally)
    {
        foreach (AddFile file in snapshot.OtherSpellings)
        {
            tally.Report(FindingKind.Duplicated, finding => finding with
            {
                Place = file.Spelling,
                Cause = "the log lists or removes the file under another spelling of its path, so readers that compare the strings see its rows once more",
                Remedy = Remedy,
            });
        }
    }

    private static FindingKind KindOf(string? expected, string? found) =>
        expected is null ? FindingKind.Unexpected : found is null ? FindingKind.Missing : FindingKind.Altered;

    private static string TextOf(TableColumn column) => $"{column.Name} {column.LogType}";

    // All columns are nullable in the log; what may not be absent is compared by value. Spark cuts and fills texts of CHAR and VARCHAR, which the metadata say.
    private static string TextOf(StructField field) =>
        $"{field.Name} {(field.Type is PrimitiveType type ? type.Name : field.Type.GetType().Name)}{(field.Nullable ? "" : " not null")}{(field.Metadata.Contains("__CHAR_VARCHAR_TYPE_STRING", StringComparison.Ordinal) ? $" {field.Metadata}" : "")}";
}
