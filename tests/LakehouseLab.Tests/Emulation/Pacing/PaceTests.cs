using LakehouseLab.Emulation.Pacing;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Emulation.Pacing;

public sealed class PaceTests
{
    [Theory]
    [InlineData("max", PaceKind.Max, 0, "max")]
    [InlineData("1000/s", PaceKind.Rows, 1000, "1000/s")]
    [InlineData("0.5/s", PaceKind.Rows, 0.5, "0.5/s")]
    [InlineData("1.5k/s", PaceKind.Rows, 1500, "1500/s")]
    [InlineData("1_000/s", PaceKind.Rows, 1000, "1000/s")]
    [InlineData("2M/s", PaceKind.Rows, 2_000_000, "2000000/s")]
    [InlineData("realtime", PaceKind.EventTime, 1, "realtime")]
    [InlineData("1x", PaceKind.EventTime, 1, "realtime")]
    [InlineData("60x", PaceKind.EventTime, 60, "60x")]
    [InlineData("0.25x", PaceKind.EventTime, 0.25, "0.25x")]
    public void Parse_Pace_IsReadAndWritten(string text, PaceKind kind, double value, string written)
    {
        Pace pace = Pace.Parse(text);
        Assert.Equal(new Pace(kind, value), pace);
        Assert.Equal(written, pace.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/s")]
    [InlineData("x")]
    [InlineData("1000")]
    [InlineData("0/s")]
    [InlineData("-1/s")]
    [InlineData("1e5/s")]
    [InlineData("NaN/s")]
    [InlineData("1.000.000/s")]
    [InlineData("2G/s")]
    [InlineData("Max")]
    [InlineData("1000000000000x")]
    public void Parse_NoPace_IsRefused(string text) => Assert.Throws<InvalidRequestException>(() => Pace.Parse(text));
}
