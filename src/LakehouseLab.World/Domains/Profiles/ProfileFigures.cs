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

    /// <summary>A range of telephone numbers is large enough with so many numbers for each person of the country.</summary>
    public const long PhoneNumbersOfPerson = 4;

    /// <summary>People come of age, and may sign up, this many days after their birth: 18 years and the longest day's way around the earth.</summary>
    public const int DaysToSignup = (18 * 365) + 5 + 1;

    /// <summary>Last year of birth of those with older given names.</summary>
    public const int OlderUntil = 1982;

    /// <summary>Correlation of a person's score with age, by ranks.</summary>
    public const double ScoreByAge = 0.35;

    /// <summary>Correlation of a person's score with how freely they spend, which stands for income.</summary>
    public const double ScoreBySpending = 0.25;

    /// <summary>How far each of the waves takes a score, in standard deviations of everybody's rank: the median change from month to month is about 4 points.</summary>
    public const double ScoreWave = 0.1;

    /// <summary>Months for which the noise of a rating holds.</summary>
    public const int RiskMonths = 12;

    /// <summary>Noise of the rating, in points of risk.</summary>
    public const double RiskNoise = 0.5;

    /// <summary>Share of people up to each credit score, from 300 to 850 (FICO 2017: 4.7 / 15.3 / 23.2 / 36.1 / 20.7 %).</summary>
    public static IReadOnlyList<(double Share, int Score)> Scores { get; } =
        [(0, 300), (0.047, 500), (0.200, 600), (0.432, 700), (0.793, 800), (1, 851)];

    /// <summary>Share of people up to each age at the world's start, by the pyramids that countries.csv names: this world's own figures, in
    /// the shape of young, middle and ageing societies.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<(double Share, double Age)>> Ages { get; } =
        new Dictionary<string, IReadOnlyList<(double Share, double Age)>>(StringComparer.Ordinal)
        {
            ["young"] = [(0, 18.1), (0.29, 30), (0.54, 40), (0.74, 50), (0.88, 60), (0.96, 70), (0.99, 80), (1, 90)],
            ["middle"] = [(0, 18.1), (0.19, 30), (0.37, 40), (0.54, 50), (0.71, 60), (0.86, 70), (0.955, 80), (0.985, 85), (1, 90)],
            ["old"] = [(0, 18.1), (0.14, 30), (0.29, 40), (0.46, 50), (0.65, 60), (0.82, 70), (0.945, 80), (0.98, 85), (1, 90)],
        };
}
