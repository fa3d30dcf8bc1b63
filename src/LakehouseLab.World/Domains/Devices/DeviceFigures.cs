using LakehouseLab.World.Time;

namespace LakehouseLab.World.Domains.Devices;

/// <summary>Every figure of devices and sessions.</summary>
internal static class DeviceFigures
{
    /// <summary>People with one, two and three devices, as weights.</summary>
    public static IReadOnlyList<double> DeviceCounts { get; } = [45, 40, 15];

    /// <summary>Share of sessions on a person's first device; the others share the rest.</summary>
    public const double FirstDeviceShare = 0.7;

    /// <summary>Share of sessions whose logout is on record.</summary>
    public const double LogoutShare = 0.7;

    /// <summary>Share of legitimate sessions through a network of another country.</summary>
    public const double ForeignNetworkShare = 0.015;

    /// <summary>Share of IPv4 among addresses.</summary>
    public const double Ipv4Share = 0.55;

    /// <summary>The longest time from login to a session's first remote purchase.</summary>
    public const long LongestLeadMs = 900_000;

    /// <summary>Median of that time.</summary>
    public const double LeadMedianMs = 110_000;

    /// <summary>Log-σ of that time.</summary>
    public const double LeadSigma = 0.9;

    /// <summary>Remote purchases of one person within the same interval of this length, which begins at an instant of the person's own, share a session.</summary>
    public const long SharedSessionMs = 600_000;

    /// <summary>Mean time from a session's last remote purchase to its end.</summary>
    public const double TailMeanMs = 75_000;

    /// <summary>Median length of a session.</summary>
    public const double SessionMedianMs = 420_000;

    /// <summary>Log-σ of the length of a session.</summary>
    public const double SessionSigma = 1.0;

    /// <summary>Which draw of a device is that of how late it follows a browser's releases.</summary>
    public const ulong LagDraw = 1UL << 40;

    /// <summary>Share of devices that follow within days.</summary>
    public const double PromptShare = 0.84;

    /// <summary>Their mean lag.</summary>
    public const double PromptLagMs = 7.0 * Timeline.DayMs;

    /// <summary>Share of devices that follow within months at least.</summary>
    public const double SlowShare = 0.96;

    /// <summary>Mean lag of those that follow within months.</summary>
    public const double SlowLagMs = 45.0 * Timeline.DayMs;

    /// <summary>Mean lag of the others.</summary>
    public const double StuckLagMs = 300.0 * Timeline.DayMs;

    // Chrome 142 appeared on 2025-10-28 and Firefox 145 on 2025-11-11, each with one more every four weeks; Safari 26.0, the one after 18, on 2025-09-15, with seven releases a year;
    // Samsung's browser 28 in spring 2025, with about three a year.
    private static readonly BrowserLine s_chrome = new(1_761_609_600_000, 28 * Timeline.DayMs, 142, 48);
    private static readonly BrowserLine s_firefox = new(1_762_819_200_000, 28 * Timeline.DayMs, 145, 48);
    private static readonly BrowserLine s_safari = new(1_757_894_400_000, 1461 * Timeline.DayMs / 28, 26, 14, 7, 7);
    private static readonly BrowserLine s_samsung = new(1_743_465_600_000, 120 * Timeline.DayMs, 28, 6);

    /// <summary>Kinds of device with their shares of all devices (traffic of 2024: Android 38, Windows 31, iOS 17, macOS 9 %), and a user agent in its present, reduced
    /// form (chromium.org), as <see cref="BrowserLine.Write"/> fills it in.</summary>
    public static IReadOnlyList<(double Share, string Type, string Os, BrowserLine Browser, string UserAgent)> Kinds { get; } =
    [
        (27, "mobile", "Android", s_chrome, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.0.0 Mobile Safari/537.36"),
        (7.5, "mobile", "Android", s_samsung, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/{0} Chrome/{2}.0.0.0 Mobile Safari/537.36"),
        (3.5, "tablet", "Android", s_chrome, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.0.0 Safari/537.36"),
        (21, "desktop", "Windows", s_chrome, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.0.0 Safari/537.36"),
        (7, "desktop", "Windows", s_chrome, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.0.0 Safari/537.36 Edg/{1}.0.0.0"),
        (3, "desktop", "Windows", s_firefox, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{0}) Gecko/20100101 Firefox/{0}"),
        (14, "mobile", "iOS", s_safari, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{0} Mobile/15E148 Safari/604.1"),
        (3, "tablet", "iOS", s_safari, "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{0} Mobile/15E148 Safari/604.1"),
        (5, "desktop", "macOS", s_safari, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{0} Safari/605.1.15"),
        (4, "desktop", "macOS", s_chrome, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.0.0 Safari/537.36"),
        (3, "desktop", "Linux", s_chrome, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.0.0 Safari/537.36"),
        (2, "desktop", "Linux", s_firefox, "Mozilla/5.0 (X11; Linux x86_64; rv:{0}) Gecko/20100101 Firefox/{0}"),
    ];
}
