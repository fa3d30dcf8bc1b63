using System.Globalization;
using System.Numerics;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>The engine's numbers for dates, times and decimals as text. Its years reach beyond .NET's.</summary>
internal static class ScalarText
{
    private const int SecondsPerDay = 86_400;
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>A decimal by its units.</summary>
    public static string Decimal(BigInteger units, int scale)
    {
        string digits = BigInteger.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (units.Sign < 0 ? "-" : string.Empty) + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : string.Empty);
    }

    /// <summary>A date by its days since 1970: <c>2026-01-31</c>.</summary>
    public static string Date(int days) => Math.Abs((long)days) == int.MaxValue ? Infinity(days) : Day(days);

    /// <summary>A time of day by its microseconds: <c>12:00:00</c> and as many fraction digits as it has.</summary>
    public static string Time(long microseconds) => TimeOfDay(microseconds / MicrosecondsPerSecond, microseconds % MicrosecondsPerSecond, MicrosecondsPerSecond);

    /// <summary>A timestamp by its units since 1970: <c>2026-01-31T12:00:00Z</c> and as many fraction digits as it has.</summary>
    /// <param name="units">The units.</param>
    /// <param name="perSecond">How many make a second.</param>
    /// <param name="zone">Written behind it.</param>
    public static string Timestamp(long units, long perSecond, string zone)
    {
        if (units is long.MaxValue or -long.MaxValue)
        {
            return Infinity(units);
        }

        (long seconds, long fraction) = FloorDivide(units, perSecond);
        (long days, long second) = FloorDivide(seconds, SecondsPerDay);
        return $"{Day(days)}T{TimeOfDay(second, fraction, perSecond)}{zone}";
    }

    /// <summary>An interval in ISO 8601: <c>P1M2DT3.5S</c>.</summary>
    public static string Interval(int months, int days, long microseconds) =>
        $"P{months.ToString(CultureInfo.InvariantCulture)}M{days.ToString(CultureInfo.InvariantCulture)}DT{Decimal(microseconds, 6).TrimEnd('0').TrimEnd('.')}S";

    private static string Infinity(long value) => value < 0 ? "-infinity" : "infinity";

    private static string TimeOfDay(long second, long fraction, long perSecond)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{second / 3600:00}:{second / 60 % 60:00}:{second % 60:00}");
        int digits = (int)Math.Round(Math.Log10(perSecond));
        return fraction == 0 ? text : $"{text}.{fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0')}";
    }

    // Days to year, month and day in the proleptic Gregorian calendar: Howard Hinnant, "chrono-Compatible Low-Level Date
    // Algorithms", civil_from_days. Years begin in March there, eras have 400 years.
    private static string Day(long days)
    {
        (long era, long dayOfEra) = FloorDivide(days + 719_468, 146_097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long shifted = ((5 * dayOfYear) + 2) / 153;
        long day = dayOfYear - (((153 * shifted) + 2) / 5) + 1;
        long month = shifted < 10 ? shifted + 3 : shifted - 9;
        long year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00}");
    }

    private static (long Quotient, long Remainder) FloorDivide(long value, long divisor)
    {
        (long quotient, long remainder) = Math.DivRem(value, divisor);
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder);
    }
}
