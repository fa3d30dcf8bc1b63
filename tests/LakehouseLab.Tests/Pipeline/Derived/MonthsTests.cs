using LakehouseLab.Pipeline.Derived;

namespace LakehouseLab.Tests.Pipeline.Derived;

public sealed class MonthsTests
{
    [Theory]
    [InlineData("2026-01-31", "2026-03-01", "2026-01-01 2026-02-01 2026-03-01")]
    [InlineData("2026-02-28", "2026-02-28", "2026-02-01")]
    [InlineData("9999-11-30", "9999-12-31", "9999-11-01 9999-12-01")]
    [InlineData("0001-01-01", "0001-01-31", "0001-01-01")]
    public void Add_SpanOfDays_AddsItsMonths(string first, string last, string months)
    {
        SortedSet<DateOnly> added = [];
        Months.Add(added, Day(first), Day(last));
        Assert.Equal(months, string.Join(' ', added.Select(month => month.ToString("O"))));
    }

    [Theory]
    [InlineData("2026-01-31", 30, "2026-03-02")]
    [InlineData("9999-12-30", 30, "9999-12-31")]
    [InlineData("0001-01-02", -31, "0001-01-01")]
    public void AddDays_BeyondTheCalendar_IsItsEnd(string day, long days, string expected) => Assert.Equal(Day(expected), Months.AddDays(Day(day), days));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "O");
}
