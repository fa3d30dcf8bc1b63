namespace LakehouseLab.World.Time;

/// <summary>How busy people are at a local time: straight between the middles of hours, so that nothing jumps at full hours or midnight.</summary>
internal static class LocalRhythm
{
    private const int HoursPerWeek = 168;
    private const int Saturday = 5;

    /// <summary>The weight of a minute of the week.</summary>
    /// <param name="minuteOfWeek">Local minute from Monday 0 h, a week more or less at most.</param>
    /// <param name="firstDayOff">First day of the weekend, from Monday: 5 where it is Saturday.</param>
    public static double WeightAt(int minuteOfWeek, int firstDayOff)
    {
        // Counted from the middle of Monday's first hour, in the week of a country whose weekend begins on Saturday.
        int minute = minuteOfWeek - 30 + ((Saturday - firstDayOff) * 24 * 60) + (2 * HoursPerWeek * 60);
        int hour = minute / 60;
        double part = (minute % 60) / 60.0;
        return ((1 - part) * WeightOfHour(hour)) + (part * WeightOfHour(hour + 1));
    }

    private static double WeightOfHour(int hour) =>
        RhythmFigures.Hours[hour % 24] * (double)RhythmFigures.Days[hour % HoursPerWeek / 24];
}
