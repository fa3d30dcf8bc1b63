using LakehouseLab.Pipeline.Testing;

namespace LakehouseLab.Tests.Pipeline.Testing;

public sealed class FixtureValueTests
{
    [Theory]
    [InlineData("decimal(15,4)", "12.50", "12.5")]
    [InlineData("decimal(15,4)", "-0.00", "0")]
    [InlineData("decimal(15,4)", "+007.", "7")]
    [InlineData("decimal(5,1)", "9999.9", "9999.9")]
    [InlineData("decimal(5,1)", "99999", null)]
    [InlineData("decimal(5,1)", "1.25", null)]
    [InlineData("decimal(5,1)", "1e2", null)]
    [InlineData("decimal(38,0)", "99999999999999999999999999999999999999", "99999999999999999999999999999999999999")]
    [InlineData("long", "042", "42")]
    [InlineData("long", "9223372036854775808", null)]
    [InlineData("integer", "2147483648", null)]
    [InlineData("boolean", "True", "true")]
    [InlineData("boolean", "1", null)]
    [InlineData("date", "2026-01-31", "2026-01-31")]
    [InlineData("date", "31.01.2026", null)]
    [InlineData("timestamp", "2026-01-31T12:30:00+02:00", "2026-01-31T10:30:00.000000Z")]
    [InlineData("timestamp", "2026-01-31 10:30:00.5", "2026-01-31T10:30:00.500000Z")]
    [InlineData("timestamp", "soon", null)]
    [InlineData("binary", "AQI=", "AQI=")]
    [InlineData("binary", "no base64!", null)]
    [InlineData("string", "", "")]
    public void TryNormalize_ValuesOfATypeAndOthers_GivesOneTextOrNone(string type, string text, string? normal) =>
        Assert.Equal(normal, FixtureValue.TryNormalize(type, text));
}
