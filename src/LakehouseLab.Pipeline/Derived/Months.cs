using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Derived;

/// <summary>
/// Partitions by month or day: a DATE of the month. Days reach from 0001-01-01 to 9999-12-31, so spans of days include
/// their last one: after the last day of all there is none.
/// </summary>
internal static class Months
{
    /// <summary>How a day is written in the log and in SQL.</summary>
    public const string DayFormat = "yyyy-MM-dd";

    /// <summary>The partitions of some files.</summary>
    public static IEnumerable<DateOnly> Of(IEnumerable<AddFile> files, string partitionColumn) => files.Select(file => Of(file, partitionColumn)).Distinct();

    /// <summary>The partition of a file: a day of its month.</summary>
    public static DateOnly Of(AddFile file, string partitionColumn) =>
        DateOnly.ParseExact(file.PartitionValues[partitionColumn]!, DayFormat, CultureInfo.InvariantCulture);

    /// <summary>A day as the log spells it.</summary>
    public static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <summary>A day in SQL.</summary>
    public static string Literal(DateOnly day) => $"DATE '{Text(day)}'";

    /// <summary>The day of a row in SQL, by a DATE or TIMESTAMP column of its model.</summary>
    public static string DayOf(Model model, string column) =>
        model.Column(column).Type.Name == "DATE" ? SqlText.Quote(column) : $"to_date({SqlText.Quote(column)})";

    /// <summary>The first day of a day's month.</summary>
    public static DateOnly FirstDay(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>The last day of a day's month.</summary>
    public static DateOnly LastDay(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    /// <summary>A day so many days later, or before for a negative number; the calendar's last or first day where there is none.</summary>
    public static DateOnly AddDays(DateOnly day, long days) =>
        DateOnly.FromDayNumber((int)Math.Clamp(day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));

    /// <summary>Adds the months of a span of days.</summary>
    /// <param name="months">First days of months.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, not before the first.</param>
    public static void Add(SortedSet<DateOnly> months, DateOnly first, DateOnly last)
    {
        DateOnly end = FirstDay(last);
        months.Add(end);
        for (DateOnly month = FirstDay(first); month < end; month = month.AddMonths(1))
        {
            months.Add(month);
        }
    }
}
