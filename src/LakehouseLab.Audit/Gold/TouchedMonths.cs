using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Gold;

/// <summary>Which months of a table depend on rows.</summary>
internal static class TouchedMonths
{
    /// <summary>Finds the months.</summary>
    /// <param name="table">The table.</param>
    /// <param name="factory">The rows' domain.</param>
    /// <param name="start">When the world begins.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <returns>Their first days; day 0 stands for all of a table without months.</returns>
    public static IReadOnlySet<int> Of(GoldTable table, IDataFactory factory, DateTimeOffset start, IReadOnlyList<RowRange> rows)
    {
        if (rows.Count == 0 || !table.IsMonthly)
        {
            return rows.Count == 0 ? new HashSet<int>() : new HashSet<int> { 0 };
        }

        HashSet<int> months = [];
        int month = new Calendar().MonthOf(Calendar.DayOf(start.ToUnixTimeMilliseconds()));
        for (RowRange span = default; span.FirstRow < rows[^1].EndRow; month = Calendar.NextMonth(month))
        {
            span = new RowRange(factory.CountBefore((month * Calendar.DayMs) - table.LookbackMs), factory.CountBefore(Calendar.NextMonth(month) * Calendar.DayMs));
            if (rows.Any(range => range.Intersect(span).Rows > 0))
            {
                months.Add(month);
            }
        }

        return months;
    }
}
