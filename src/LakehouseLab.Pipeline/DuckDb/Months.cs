using System.Globalization;
using LakehouseLab.Delta.Log;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// Partitions by month: a DATE, the month's first day. Days reach from 0001-01-01 to 9999-12-31, so spans of days include
/// their last one: after the last day of all there is none.
/// </summary>
internal static class Months
{
    /// <summary>The months of some files.</summary>
    public static IEnumerable<DateOnly> Of(IEnumerable<AddFile> files, string partitionColumn) => files.Select(file => Of(file, partitionColumn)).Distinct();

    /// <summary>The month of a file.</summary>
    public static DateOnly Of(AddFile file, string partitionColumn) =>
        DateOnly.ParseExact(file.PartitionValues[partitionColumn]!, "yyyy-MM-dd", CultureInfo.InvariantCulture);

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
