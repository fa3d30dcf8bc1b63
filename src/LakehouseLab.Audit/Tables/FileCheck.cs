using System.Globalization;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Values;
using LakehouseLab.Delta.Log;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Audit.Tables;

/// <summary>Holds a data file against what its table's log and its own footer say of it, since readers believe both. Not thread-safe.</summary>
/// <param name="declaration">The table.</param>
/// <param name="file">The file as the log lists it.</param>
/// <param name="path">Its local path.</param>
/// <param name="tally">Is told what does not hold.</param>
internal sealed class FileCheck(TableDeclaration declaration, AddFile file, string path, Tally tally)
{
    private const string LogClaim = "the statistics in the log do not hold for the file, so readers leave out rows that are there";
    private const string FooterClaim = "the statistics in the file's footer do not hold for its rows, so readers leave out rows that are there";

    private readonly LogStatistics? _statistics = Parse(file, tally);
    private readonly Dictionary<string, ColumnBounds> _file = [];
    private readonly Dictionary<string, ColumnBounds> _group = [];

    /// <summary>Where to tell what a column of the row group at hand holds; null when that was told.</summary>
    /// <param name="column">The column.</param>
    /// <param name="group">The row group.</param>
    /// <param name="index">The column's number in the file.</param>
    public ColumnBounds? Measure(TableColumn column, RowGroupReader group, int index)
    {
        if (_group.ContainsKey(column.Name))
        {
            return null;
        }

        ColumnBounds bounds = new(_statistics?.HasBounds(column) is true || FooterStatistics.HasBounds(group.MetaData, index));
        _group.Add(column.Name, bounds);
        return bounds;
    }

    /// <summary>Ends a row group: what nobody has read of it is read now.</summary>
    public void EndGroup(TableGroup group)
    {
        foreach (TableColumn column in declaration.Columns)
        {
            if (file.PartitionValues.ContainsKey(column.Name) || group.Find(column) is not (var descriptor, var index))
            {
                continue;
            }

            if (!_group.ContainsKey(column.Name))
            {
                group.Read(column, default(NoSink));
            }

            ColumnBounds bounds = _group[column.Name];
            Report(column, FooterStatistics.Of(group, column, descriptor, index)?.Broken(column, bounds) ?? [], FooterClaim, "restore the file from a copy");
            if (!_file.TryAdd(column.Name, bounds))
            {
                _file[column.Name].Add(bounds);
            }
        }

        _group.Clear();
    }

    /// <summary>Ends the file.</summary>
    /// <param name="rows">How many rows it has.</param>
    public void End(long rows)
    {
        long size = new FileInfo(path).Length;
        if (size != file.Size)
        {
            Report("size", Invariant(size), Invariant(file.Size), "the log lists the file with another size");
        }

        CheckPartition();
        if (_statistics is null)
        {
            return;
        }

        try
        {
            if (_statistics.Rows is { } listed && listed != rows)
            {
                Report("numRecords", Invariant(rows), Invariant(listed), "the log lists the file with another number of rows");
            }

            foreach (TableColumn column in declaration.Columns.Where(column => _file.ContainsKey(column.Name)))
            {
                Report(column, _statistics.Of(column).Broken(column, _file[column.Name]), LogClaim, LogCheck.Remedy);
            }
        }
        catch (FormatException exception)
        {
            ReportUnreadable(file, tally, exception);
        }
    }

    private static LogStatistics? Parse(AddFile file, Tally tally)
    {
        try
        {
            return file.Statistics is null ? null : LogStatistics.Parse(file.Statistics);
        }
        catch (FormatException exception)
        {
            ReportUnreadable(file, tally, exception);
            return null;
        }
    }

    private static void ReportUnreadable(AddFile file, Tally tally, FormatException exception) =>
        tally.Damage(file.Path, $"its statistics in the log cannot be read: {exception.Message}", LogCheck.Remedy);

    private void CheckPartition()
    {
        string listed = string.Join(", ", file.PartitionValues.Keys);
        if (listed != (declaration.PartitionBy ?? ""))
        {
            Report("partitionValues", declaration.PartitionBy ?? "none", listed.Length == 0 ? "none" : listed, "the log lists the file with values of other partition columns");
        }
        else if (declaration is { PartitionBy: { } partition, MonthOf: { } source } && _file.TryGetValue(source, out ColumnBounds? bounds) && bounds.Values > 0)
        {
            TableColumn column = declaration.Columns.First(column => column.Name == source);
            (string first, string last) = (MonthOf(column, bounds.Min), MonthOf(column, bounds.Max));
            string? value = file.PartitionValues[partition];
            if (value != first || value != last)
            {
                Report(partition, first == last ? first : $"{first} to {last}", value ?? "nothing", $"the log lists the file in another partition than {source} of its rows says");
            }
        }
    }

    private static string MonthOf(TableColumn column, long value)
    {
        string day = ValueText.Of(column with { Type = FieldType.Date }, column.Type == FieldType.Date ? value : Math.DivRem(value, 86_400_000_000, out long rest) - (rest < 0 ? 1 : 0));
        return day.Length == 10 ? $"{day[..8]}01" : day;
    }

    private void Report(TableColumn column, IEnumerable<(string Expected, string Found)> broken, string cause, string remedy)
    {
        foreach ((string expected, string found) in broken)
        {
            tally.Report(FindingKind.Altered, finding => finding with { Place = file.Path, Column = column.Name, Expected = expected, Found = found, Cause = cause, Remedy = remedy });
        }
    }

    private void Report(string what, string expected, string found, string cause) => tally.Report(FindingKind.Altered, finding => finding with
    {
        Place = file.Path, Column = what, Expected = expected, Found = found, Cause = cause, Remedy = LogCheck.Remedy,
    });

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);

    private readonly struct NoSink : IValueSink
    {
        public void Null(int row)
        {
            // Only the bounds are wanted.
        }

        public void Number(int row, long value)
        {
            // Only the bounds are wanted.
        }

        public void Text(int row, ReadOnlySpan<byte> bytes)
        {
            // Only the bounds are wanted.
        }
    }
}
