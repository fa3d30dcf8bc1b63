using CsCheck;
using LakehouseLab.Pipeline.Derived;

namespace LakehouseLab.Tests.Pipeline.Derived;

public sealed class DaySpansTests
{
    [Fact]
    public void Add_AnySpans_HoldsTheirDaysInOrderAndApart() => Gen.Select(Gen.Int[0, 60], Gen.Int[0, 9]).Array[0, 12].Sample(pairs =>
    {
        DaySpans spans = new();
        HashSet<DateOnly> expected = [];
        foreach ((int from, int length) in pairs)
        {
            spans.Add(Day(from), Day(from + length));
            expected.UnionWith(Enumerable.Range(from, length + 1).Select(Day));
        }

        Assert.Equal(expected.Order(), spans.Spans.SelectMany(span => Enumerable.Range(span.First.DayNumber, span.Last.DayNumber - span.First.DayNumber + 1).Select(DateOnly.FromDayNumber)));
        Assert.All(spans.Spans.Zip(spans.Spans.Skip(1)), pair => Assert.True(pair.First.Last.DayNumber + 1 < pair.Second.First.DayNumber));
    });

    [Fact]
    public void ToMonths_CalendarsEnds_AreMonthsOfTheirOwn()
    {
        DaySpans spans = new();
        spans.Add(DateOnly.MaxValue, DateOnly.MaxValue);
        spans.Add(DateOnly.MinValue, DateOnly.MinValue);
        Assert.Equal([DateOnly.MinValue, new DateOnly(9999, 12, 1)], spans.ToMonths());
    }

    private static DateOnly Day(int number) => new DateOnly(2026, 1, 1).AddDays(number);
}
