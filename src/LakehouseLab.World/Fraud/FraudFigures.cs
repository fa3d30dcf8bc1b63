using LakehouseLab.World.Time;

namespace LakehouseLab.World.Fraud;

/// <summary>Every figure of the episodes. Counts are inclusive bounds, drawn uniformly; amounts are in US dollars.</summary>
internal static class FraudFigures
{
    /// <summary>How freely a spree is spent at most, in standard deviations of people's spending.</summary>
    public const double SpreeSpending = 0.9;

    /// <summary>No episode of a kind lasts longer: what its rows and the longest time between them add up to.</summary>
    public static long LongestMs(EpisodeKind kind) => kind switch
    {
        EpisodeKind.AccountTakeover => 3 * Timeline.DayMs,
        EpisodeKind.CardTesting => Timeline.HourMs,
        EpisodeKind.MerchantCollusion => 12 * Timeline.HourMs,
        EpisodeKind.GeographicalAnomaly => 9 * Timeline.HourMs,
        EpisodeKind.ShoppingSpree => 7 * Timeline.HourMs,
        _ => Timeline.HourMs,
    };

    /// <summary>Episodes begin up to this much before or after their turn, so that a share of them falls at any hour.</summary>
    public const long HourShiftMs = 12 * Timeline.HourMs;

    /// <summary>Share of episodes that are so moved: crooks do not sleep (fraud rate at 02–06 h is 3–10 times that at 14–18 h, Forter).</summary>
    public const double ShiftedShare = 0.75;

    /// <summary>Share of shopping sprees among all transactions: legitimate, though they look like a takeover.</summary>
    public const double SpreeShare = 0.005;

    /// <summary>Share of runs of tiny payments among all transactions: legitimate, though they look like card testing.</summary>
    public const double TinyRunShare = 0.005;

    /// <summary>Share of takeovers whose crook sits in another country.</summary>
    public const double ForeignCrook = 0.6;

    /// <summary>Share of a takeover's purchases at merchants of another country.</summary>
    public const double TakeoverForeign = 0.4;

    /// <summary>Share of tested cards of another country than the merchant.</summary>
    public const double TestingForeign = 0.25;

    /// <summary>Share of colluding merchants that sell remotely.</summary>
    public const double CollusionRemote = 0.5;

    /// <summary>Share of a ring's cards of another country than the merchant.</summary>
    public const double CollusionForeign = 0.1;

    /// <summary>Impossible travel covers at least this.</summary>
    public const double ImpossibleKm = 700;

    /// <summary>Impossible travel is at least this fast.</summary>
    public const double ImpossibleKmPerHour = 1150;

    public static (int Min, int Max) ProbeCount => (1, 3);

    public static (int Min, int Max) HighCount => (3, 7);

    public static (int Min, int Max) TestingCount => (20, 36);

    public static (int Min, int Max) CollusionCount => (10, 20);

    public static (int Min, int Max) GeographicalCount => (2, 4);

    public static (int Min, int Max) SpreeCount => (4, 9);

    public static (int Min, int Max) TinyRunCount => (5, 12);
}
