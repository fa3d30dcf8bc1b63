using LakehouseLab.World.Time;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>Every figure of profiles.</summary>
internal static class ProfileFigures
{
    /// <summary>Everyone's profile is updated once in each period.</summary>
    public const long UpdatePeriodMs = 30 * Timeline.DayMs;

    /// <summary>The longest time as a customer before the world's start.</summary>
    public const long LongestMembershipMs = 8 * 365 * Timeline.DayMs;

    /// <summary>The shortest time with one phone number or e-mail address.</summary>
    public const long ShortestContactMs = 2 * 365 * Timeline.DayMs;

    /// <summary>The longest time with one phone number or e-mail address.</summary>
    public const long LongestContactMs = 12 * 365 * Timeline.DayMs;

    /// <summary>How far a monthly score strays from the person's own, as a share of all people ranked by score.</summary>
    public const double ScoreDrift = 0.03;

    /// <summary>Noise of the rating, in points of risk.</summary>
    public const double RiskNoise = 0.5;

    /// <summary>Share of people up to each credit score, from 300 to 850 (FICO 2017: 4.7 / 15.3 / 23.2 / 36.1 / 20.7 %).</summary>
    public static IReadOnlyList<(double Share, int Score)> Scores { get; } =
        [(0, 300), (0.047, 500), (0.200, 600), (0.432, 700), (0.793, 800), (1, 851)];

    /// <summary>Share of people up to each age at the world's start: an adult pyramid of an ageing society.</summary>
    public static IReadOnlyList<(double Share, int Age)> Ages { get; } =
        [(0, 18), (0.18, 30), (0.37, 40), (0.55, 50), (0.72, 60), (0.87, 70), (0.96, 80), (1, 90)];
}
