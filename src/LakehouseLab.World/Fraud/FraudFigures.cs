using LakehouseLab.World.Time;

namespace LakehouseLab.World.Fraud;

/// <summary>Every figure of the episodes. Counts are inclusive bounds, drawn uniformly; amounts are in US dollars.</summary>
internal static class FraudFigures
{
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

    /// <summary>Share of electronics among a takeover's high values; fashion and travel share the rest.</summary>
    public const double HighElectronics = 0.6;

    /// <summary>Share of card tests at digital merchants; the rest are in fashion.</summary>
    public const double TestingDigital = 0.7;

    /// <summary>Share of a ring's purchases just below the agreed limit.</summary>
    public const double CollusionAtLimit = 0.5;

    /// <summary>How far below the limit those are at most, as a share of it.</summary>
    public const double CollusionBelowLimit = 0.04;

    /// <summary>The smallest of the other purchases, as a share of the limit.</summary>
    public const double CollusionLowest = 0.4;

    /// <summary>Hours within which a copied card is used far away, at most.</summary>
    public const double GeographicalHours = 8;

    /// <summary>Share of remote sprees.</summary>
    public const double SpreeRemote = 0.4;

    /// <summary>What is spent on a purchase of a spree, as a multiple of the ordinary.</summary>
    public const double SpreeFactor = 1.5;

    /// <summary>How freely a spree is spent at most, in standard deviations of people's spending.</summary>
    public const double SpreeSpending = 0.9;

    /// <summary>A takeover's probes.</summary>
    public static (int Min, int Max) ProbeCount => (1, 3);

    /// <summary>Amount of a probe.</summary>
    public static (double Least, double Most) ProbeUsd => (0.5, 4.7);

    /// <summary>Time between probes; bounds of times are half-open.</summary>
    public static (long Min, long Max) ProbeGapMs => (20_000, 600_000);

    /// <summary>A takeover's purchases after the probes.</summary>
    public static (int Min, int Max) HighCount => (3, 7);

    /// <summary>Their amounts: the least, and the widths of two uniform logarithms.</summary>
    public static (double Least, double First, double Second) HighUsd => (257, 0.9, 0.8);

    /// <summary>Time between them.</summary>
    public static (long Min, long Max) HighGapMs => (600_000, 9 * Timeline.HourMs);

    /// <summary>Attempts of a card testing.</summary>
    public static (int Min, int Max) TestingCount => (20, 36);

    /// <summary>Attempts with each card.</summary>
    public static (int Min, int Max) TestingTries => (1, 3);

    /// <summary>Amount of an attempt.</summary>
    public static (double Least, double Most) TestingUsd => (0.01, 2);

    /// <summary>Time between attempts.</summary>
    public static (long Min, long Max) TestingGapMs => (1_000, 15_000);

    /// <summary>A ring's purchases.</summary>
    public static (int Min, int Max) CollusionCount => (10, 20);

    /// <summary>Limits below which a ring stays: one for each episode.</summary>
    public static ReadOnlySpan<double> CollusionLimitsUsd => [150, 200, 250, 300, 400, 600];

    /// <summary>Time between a ring's purchases.</summary>
    public static (long Min, long Max) CollusionGapMs => (120_000, 1_800_000);

    /// <summary>Purchases with a copied card far away.</summary>
    public static (int Min, int Max) GeographicalCount => (2, 4);

    /// <summary>Their amounts, as <see cref="HighUsd"/>.</summary>
    public static (double Least, double First, double Second) GeographicalUsd => (90, 1.0, 0.9);

    /// <summary>Purchases of a spree.</summary>
    public static (int Min, int Max) SpreeCount => (4, 9);

    /// <summary>Time between them.</summary>
    public static (long Min, long Max) SpreeGapMs => (240_000, 2_400_000);

    /// <summary>Payments of a run of tiny ones.</summary>
    public static (int Min, int Max) TinyRunCount => (5, 12);

    /// <summary>Amount of a tiny payment.</summary>
    public static (double Least, double Most) TinyRunUsd => (0.2, 2.5);

    /// <summary>Time between them.</summary>
    public static (long Min, long Max) TinyRunGapMs => (8_000, 240_000);
}
