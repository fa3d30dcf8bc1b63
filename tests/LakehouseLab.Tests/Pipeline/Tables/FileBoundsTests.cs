using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline.Tables;

public sealed class FileBoundsTests
{
    [Theory]
    [InlineData("""{"minValues":{"c":"2026-01-03"},"maxValues":{"c":"2026-01-05"}}""", "2026-01-03", "2026-01-05")]
    [InlineData("""{"minValues":{"c":"2026-01-03T23:59:59.999Z"},"maxValues":{"c":"2026-01-04T00:00:00.000Z"}}""", "2026-01-03", "2026-01-04")]
    [InlineData("""{"minValues":{"c":"2026-01-03"},"maxValues":{}}""", null, null)]
    [InlineData("""{"minValues":{"d":"2026-01-03"},"maxValues":{"d":"2026-01-05"}}""", null, null)]
    [InlineData("""{"minValues":{"c":"2026-01-05"},"maxValues":{"c":"2026-01-03"}}""", null, null)]
    [InlineData("""{"minValues":{"c":"yesterday"},"maxValues":{"c":"tomorrow"}}""", null, null)]
    [InlineData("""{"minValues":3}""", null, null)]
    [InlineData("not JSON", null, null)]
    [InlineData(null, null, null)]
    public void DaysOf_Statistics_GivesDaysOrNothing(string? statistics, string? first, string? last)
    {
        (DateOnly First, DateOnly Last)? days = FileBounds.DaysOf(FileOf(statistics), "c");
        Assert.Equal(first, days?.First.ToString("O", CultureInfo.InvariantCulture));
        Assert.Equal(last, days?.Last.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("2026-01-01", "2026-01-02", false)]
    [InlineData("2026-01-01", "2026-01-03", true)]
    [InlineData("2026-01-05", "2026-01-09", true)]
    [InlineData("2026-01-06", "2026-01-09", false)]
    public void MayHoldDays_Spans_OnlyThoseThatMeet(string first, string last, bool expected) => Assert.Equal(
        expected,
        FileBounds.MayHoldDays(FileOf("""{"minValues":{"c":"2026-01-03"},"maxValues":{"c":"2026-01-05"}}"""), "c", DayOf(first), DayOf(last)));

    [Theory]
    [InlineData("""{"minValues":{"c":10},"maxValues":{"c":20}}""", 20, 30, true)]
    [InlineData("""{"minValues":{"c":10},"maxValues":{"c":20}}""", 1, 10, true)]
    [InlineData("""{"minValues":{"c":10},"maxValues":{"c":20}}""", 21, 30, false)]
    [InlineData("""{"minValues":{"c":10},"maxValues":{"c":20}}""", 1, 9, false)]
    [InlineData("""{"minValues":{"c":"10"},"maxValues":{"c":"20"}}""", 21, 30, true)]
    [InlineData("{}", 21, 30, true)]
    public void MayHoldNumbers_Spans_OnlyThoseThatMeet(string statistics, int min, int max, bool expected) =>
        Assert.Equal(expected, FileBounds.MayHoldNumbers(FileOf(statistics), "c", min, max));

    // U+FF5E comes before U+1F600 in UTF-8, and after it in UTF-16.
    [Theory]
    [InlineData("b", "c", true)]
    [InlineData("\U0001F600", "\U0001F601", true)]
    [InlineData("\U0001F603", "\U0001F604", false)]
    [InlineData("A", "Z", false)]
    public void MayHoldTexts_Spans_ComparesBytes(string min, string max, bool expected) =>
        Assert.Equal(expected, FileBounds.MayHoldTexts(FileOf("""{"minValues":{"c":"a"},"maxValues":{"c":"😂"}}"""), "c", min, max));

    private static DateOnly DayOf(string text) => DateOnly.ParseExact(text, "O", CultureInfo.InvariantCulture);

    private static AddFile FileOf(string? statistics) => new("f.parquet", new Dictionary<string, string?>(), 1, 0, DataChange: true, statistics);
}
