namespace LakehouseLab.Audit.Gold;

/// <summary>Days and months since 1970-01-01. Remembers the month asked for last; not thread-safe.</summary>
internal sealed class Calendar
{
    /// <summary>Milliseconds of a day.</summary>
    public const long DayMs = 86_400_000;

    private static readonly int s_epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private int _firstDay = int.MaxValue;
    private int _endDay = int.MinValue;

    /// <summary>The day of an instant.</summary>
    public static int DayOf(long milliseconds) => (int)Math.DivRem(milliseconds, DayMs, out long rest) - (rest < 0 ? 1 : 0);

    /// <summary>The first day of the month after one.</summary>
    /// <param name="month">First day of a month.</param>
    public static int NextMonth(int month) => DateOnly.FromDayNumber(month + s_epoch).AddMonths(1).DayNumber - s_epoch;

    /// <summary>The first day of a day's month.</summary>
    public int MonthOf(int day)
    {
        if (day < _firstDay || day >= _endDay)
        {
            DateOnly date = DateOnly.FromDayNumber(day + s_epoch);
            _firstDay = day - date.Day + 1;
            _endDay = NextMonth(_firstDay);
        }

        return _firstDay;
    }
}
