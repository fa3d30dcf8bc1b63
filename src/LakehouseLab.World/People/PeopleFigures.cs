using LakehouseLab.World.Time;

namespace LakehouseLab.World.People;

/// <summary>Every figure of how people differ, live and travel.</summary>
internal static class PeopleFigures
{
    /// <summary>Log-σ of payments per person: overdispersed counts (Atlanta Fed 2020).</summary>
    public const double ActivitySigma = 0.8;

    /// <summary>Log-σ of what a person spends on a purchase of the elastic categories. With <see cref="ActivitySigma"/> the
    /// top quarter of people has about 80 % of all spending (Gini 0.7).</summary>
    public const double SpendingSigma = 1.52;

    /// <summary>Log-σ of what a person spends on a purchase of the daily categories, where prices differ less.</summary>
    public const double DailySpendingSigma = 1.0;

    /// <summary>The shortest time at one address.</summary>
    public const long ShortestResidenceMs = 3 * 365 * Timeline.DayMs;

    /// <summary>The longest time at one address.</summary>
    public const long LongestResidenceMs = 15 * 365 * Timeline.DayMs;

    /// <summary>A person has at most one trip in each period of this length.</summary>
    public const long TripPeriodMs = 120 * Timeline.DayMs;

    /// <summary>Chance of a trip in a period.</summary>
    public const double TripChance = 0.3;

    /// <summary>The shortest stay.</summary>
    public const long ShortestStayMs = 3 * Timeline.DayMs;

    /// <summary>The longest stay.</summary>
    public const long LongestStayMs = 14 * Timeline.DayMs;

    /// <summary>Kilometres an hour of a journey from door to door, besides <see cref="JourneyBaseMs"/>.</summary>
    public const double JourneyKmPerHour = 600;

    /// <summary>What every journey takes beside the distance.</summary>
    public const long JourneyBaseMs = 3 * Timeline.HourMs;
}
