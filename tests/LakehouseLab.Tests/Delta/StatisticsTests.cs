using System.Text.Json;
using LakehouseLab.Delta.Log;

namespace LakehouseLab.Tests.Delta;

/// <summary>Readers leave out files by these bounds: none may exclude a value that is there.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void Read_PlainValues_AreCountedAndBounded()
    {
        JsonElement statistics = Of((5, "b", At(0)), (null, "ä", At(1)), (-7, null, null));
        Assert.Equal(3, statistics.GetProperty("numRecords").GetInt64());
        Assert.Equal(-7, statistics.GetProperty("minValues").GetProperty("id").GetInt64());
        Assert.Equal(5, statistics.GetProperty("maxValues").GetProperty("id").GetInt64());
        Assert.Equal("b", statistics.GetProperty("minValues").GetProperty("name").GetString());
        Assert.Equal("ä", statistics.GetProperty("maxValues").GetProperty("name").GetString());
        Assert.Equal([1, 1, 1], new[] { "id", "name", "at" }.Select(name => statistics.GetProperty("nullCount").GetProperty(name).GetInt32()));
    }

    [Fact]
    public void Read_Microseconds_AreRoundedOutwards()
    {
        JsonElement statistics = Of((1, "x", At(1_001)), (2, "x", At(2_001)));
        Assert.Equal("2026-01-01T00:00:00.001Z", statistics.GetProperty("minValues").GetProperty("at").GetString());
        Assert.Equal("2026-01-01T00:00:00.003Z", statistics.GetProperty("maxValues").GetProperty("at").GetString());
    }

    [Fact]
    public void Read_LongTexts_AreTruncatedToValidBounds()
    {
        string text = new string('a', 31) + "\U0001F600 and more";
        JsonElement statistics = Of((1, text, null));
        string smallest = statistics.GetProperty("minValues").GetProperty("name").GetString()!;
        string largest = statistics.GetProperty("maxValues").GetProperty("name").GetString()!;
        Assert.Equal(new string('a', 31), smallest);
        Assert.True(Utf8Compare(smallest, text) <= 0);
        Assert.True(Utf8Compare(largest, text) >= 0);
        Assert.False(statistics.GetProperty("minValues").TryGetProperty("at", out _));
    }

    [Fact]
    public void Read_TextThatSortsAfterEveryEnding_HasNoUpperBound()
    {
        string text = new string('a', 32) + "\U0010FFFF\U0010FFFF";
        JsonElement statistics = Of((1, text, null));
        Assert.False(statistics.GetProperty("maxValues").TryGetProperty("name", out _));
    }

    private static JsonElement Of(params (long? Id, string? Name, DateTime? At)[] rows)
    {
        using SmallTable table = new();
        AddFile file = table.WriteRows("x.parquet", null, rows);
        using JsonDocument document = JsonDocument.Parse(file.Statistics!);
        return document.RootElement.Clone();
    }

    private static DateTime At(long microseconds) => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMicroseconds(microseconds);

    private static int Utf8Compare(string left, string right) =>
        System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right));
}
