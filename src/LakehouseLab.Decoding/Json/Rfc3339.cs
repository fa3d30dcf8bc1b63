namespace LakehouseLab.Decoding.Json;

/// <summary>
/// Instants as RFC 3339 has them, with any offset and the fractions of a second that a microsecond can hold, and calendar dates as
/// ISO 8601 has them. T and Z may be lower case. What is an instant, but none that a table's microseconds can hold, is refused as that.
/// </summary>
internal static class Rfc3339
{
    private const string NotAnInstant = "no timestamp of RFC 3339";
    private const string NotADate = "no date";
    private const string LeapSecond = "a leap second, which this column cannot keep";
    private const string TooFine = "finer than a microsecond, which this column cannot keep";
    private const string OutOfRange = "outside the years 0001 to 9999 (UTC), which are all that this column can keep";

    private const long SecondsPerDay = 86_400;
    private const long MicrosecondsPerSecond = 1_000_000;
    private const int FractionDigits = 6;
    private const int SecondOfLeap = 60;

    // The calendar of .NET begins with the year 1; the year 0 is one like this.
    private const int LeapYear = 4;

    // 0001-01-01 and the day after 9999-12-31, in days since 1970-01-01.
    private const long FirstDay = -719_162;
    private const long EndDay = 2_932_897;

    /// <summary>Reads an instant.</summary>
    /// <param name="text">Such as <c>2026-01-31T23:59:59.123456+02:00</c>.</param>
    /// <param name="microseconds">It, in microseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>Null, or why it cannot be kept.</returns>
    public static string? ParseInstant(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length < 20 || !TryReadDate(text[..10], out int day) || text[10] is not ((byte)'T' or (byte)'t')
            || text[13] != (byte)':' || text[16] != (byte)':'
            || !TryTwoDigits(text, 11, 23, out int hour) || !TryTwoDigits(text, 14, 59, out int minute) || !TryTwoDigits(text, 17, SecondOfLeap, out int second)
            || !TryFraction(text[19..], out int fraction, out int length, out bool isFiner) || !TryOffset(text[(19 + length)..], out int offsetMinutes))
        {
            return NotAnInstant;
        }

        long seconds = (day * SecondsPerDay) + (((hour * 60L) + minute - offsetMinutes) * 60) + second;
        if (second == SecondOfLeap)
        {
            return EndsAMonth(seconds) ? LeapSecond : NotAnInstant;
        }

        if (isFiner)
        {
            return TooFine;
        }

        microseconds = (seconds * MicrosecondsPerSecond) + fraction;
        return seconds is >= FirstDay * SecondsPerDay and < EndDay * SecondsPerDay ? null : OutOfRange;
    }

    /// <summary>Reads a date.</summary>
    /// <param name="text">Such as <c>2026-01-31</c>.</param>
    /// <param name="day">It, in days since 1970-01-01.</param>
    /// <returns>Null, or why it cannot be kept.</returns>
    public static string? ParseDate(ReadOnlySpan<byte> text, out int day) =>
        !TryReadDate(text, out day) ? NotADate : day >= FirstDay ? null : OutOfRange;

    // Leap seconds come at the end of a month in UTC, and nowhere else (RFC 3339, section 5.7).
    private static bool EndsAMonth(long seconds)
    {
        (long day, long rest) = Math.DivRem(seconds, SecondsPerDay);
        return rest == 0 && (day == EndDay || (day is >= FirstDay and < EndDay && DateOnly.FromDayNumber((int)(day - FirstDay)).Day == 1));
    }

    // Any four digits are a year here: 0000 is one of ISO 8601 too.
    private static bool TryReadDate(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        if (text.Length != 10 || text[4] != (byte)'-' || text[7] != (byte)'-'
            || !TryTwoDigits(text, 0, 99, out int century) || !TryTwoDigits(text, 2, 99, out int year)
            || !TryTwoDigits(text, 5, 12, out int month) || !TryTwoDigits(text, 8, 31, out int dayOfMonth))
        {
            return false;
        }

        year += century * 100;
        if (month == 0 || dayOfMonth == 0 || dayOfMonth > DateTime.DaysInMonth(year == 0 ? LeapYear : year, month))
        {
            return false;
        }

        day = DaysBefore(year, month) + dayOfMonth - 1;
        return true;
    }

    // Days from 1970-01-01 to the first of a month, counted in years that begin in March (Howard Hinnant, "chrono-Compatible
    // Low-Level Date Algorithms").
    private static int DaysBefore(int year, int month)
    {
        int shifted = month <= 2 ? year - 1 : year;
        int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        int yearOfEra = shifted - (era * 400);
        int dayOfYear = ((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5;
        int dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    private static bool TryTwoDigits(ReadOnlySpan<byte> text, int at, int most, out int value)
    {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        value = (tens * 10) + ones;
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9 && value <= most;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out int microseconds, out int length, out bool isFiner)
    {
        microseconds = 0;
        length = 0;
        isFiner = false;
        if (text[0] != (byte)'.')
        {
            return true;
        }

        for (length = 1; length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9'; length++)
        {
            if (length <= FractionDigits)
            {
                microseconds = (microseconds * 10) + (text[length] - '0');
            }
            else
            {
                // To keep it is not possible, to drop it would change the value.
                isFiner |= text[length] != (byte)'0';
            }
        }

        for (int digits = length - 1; digits < FractionDigits; digits++)
        {
            microseconds *= 10;
        }

        return length > 1;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _] || !TryTwoDigits(text, 1, 23, out int hours) || !TryTwoDigits(text, 4, 59, out int rest))
        {
            return false;
        }

        minutes = ((hours * 60) + rest) * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }
}
