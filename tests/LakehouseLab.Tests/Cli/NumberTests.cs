using System.Globalization;
using System.Numerics;
using CsCheck;
using LakehouseLab.Cli.Values;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Cli;

public sealed class NumberTests
{
    private static readonly (string Suffix, long Unit)[] s_suffixes =
        [("", 1), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000)];

    [Theory]
    [InlineData("1", 1)]
    [InlineData("10_000", 10_000)]
    [InlineData("1M", 1_000_000)]
    [InlineData("2.5k", 2_500)]
    [InlineData("0.000001M", 1)]
    [InlineData("1_0.5_0k", 10_500)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData(" 7 ", 7)]
    public void Count_Written_IsRead(string text, long expected) => Assert.Equal(expected, Count.ParsePositive(text));

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData(".5M")]
    [InlineData("5.")]
    [InlineData("1..5k")]
    [InlineData("1.5.5k")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("1__0")]
    [InlineData("1.5")]
    [InlineData("0.0000001M")]
    [InlineData("1e99")]
    [InlineData("+1")]
    [InlineData("-5")]
    [InlineData("0x10")]
    [InlineData("1 000")]
    [InlineData("1,000")]
    [InlineData("٣")]
    [InlineData("9223372036854775808")]
    [InlineData("9223372036855M")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void Count_NoWholeNumber_IsRefused(string text) => Assert.Throws<InvalidRequestException>(() => Count.ParsePositive(text));

    [Fact]
    public void Count_AnyDigitsAndSuffix_IsExactOrRefused() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 18], Gen.Int[0, s_suffixes.Length - 1].Select(index => s_suffixes[index])).Sample((mantissa, decimals, suffix) =>
        {
            BigInteger divisor = BigInteger.Pow(10, decimals);
            string fraction = decimals == 0 ? "" : "." + (mantissa % divisor).ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0');
            string text = (mantissa / divisor).ToString(CultureInfo.InvariantCulture) + fraction + suffix.Suffix;
            BigInteger product = (BigInteger)mantissa * suffix.Unit;
            bool valid = product % divisor == 0 && product / divisor >= 1 && product / divisor <= long.MaxValue;
            if (valid)
            {
                Assert.Equal((long)(product / divisor), Count.ParsePositive(text));
            }
            else
            {
                Assert.Throws<InvalidRequestException>(() => Count.ParsePositive(text));
            }
        });

    [Theory]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("64mib", 64L << 20)]
    [InlineData("1.5GB", 1_500_000_000)]
    [InlineData("0.5KiB", 512)]
    [InlineData("4096", 4096)]
    [InlineData("10B", 10)]
    public void ByteSize_Written_IsRead(string text, long expected) => Assert.Equal(expected, ByteSize.Parse(text, 1));

    [Theory]
    [InlineData("64M")]
    [InlineData("0")]
    [InlineData("0.3KiB")]
    [InlineData("16777216TiB")]
    public void ByteSize_NoSize_IsRefused(string text) => Assert.Throws<InvalidRequestException>(() => ByteSize.Parse(text, 1));

    [Fact]
    public void ByteSize_Formatted_IsReadBack() =>
        Gen.Long[1, long.MaxValue].Sample(size => Assert.Equal(size, ByteSize.Parse(ByteSize.Format(size), 1)));

    [Theory]
    [InlineData("0.3%", 0.003)]
    [InlineData("0.003", 0.003)]
    [InlineData("5%", 0.05)]
    [InlineData("0", 0)]
    public void Share_Written_IsRead(string text, double expected) => Assert.Equal(expected, Share.Parse(text, 0.05));

    [Theory]
    [InlineData("5.01%")]
    [InlineData("NaN")]
    [InlineData("-0.1")]
    [InlineData("1e-3")]
    [InlineData("%")]
    public void Share_NoShare_IsRefused(string text) => Assert.Throws<InvalidRequestException>(() => Share.Parse(text, 0.05));

    [Theory]
    [InlineData("2026-01-31", "2026-01-31")]
    [InlineData("2026-01-31T12:00", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T00:30:00.25+02:00", "2026-01-30T22:30:00.25Z")]
    public void Instant_Written_IsReadAsUtc(string text, string expected) => Assert.Equal(expected, Instant.Format(Instant.Parse(text)));

    [Theory]
    [InlineData("2026-02-29")]
    [InlineData("31.01.2026")]
    [InlineData("2026-01-31T12:00:00.0001Z")]
    [InlineData("0001-01-01T00:00:00+02:00")]
    public void Instant_NoInstant_IsRefused(string text) => Assert.Throws<InvalidRequestException>(() => Instant.Parse(text));
}
