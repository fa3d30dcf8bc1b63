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

    /// <summary>The longest time from login to a remote purchase.</summary>
    public const long LongestLeadMs = 600_000;

    /// <summary>Median length of a session.</summary>
    public const double SessionMedianMs = 420_000;

    /// <summary>Log-σ of the length of a session.</summary>
    public const double SessionSigma = 1.0;

    /// <summary>Kinds of device with their shares of all devices (traffic of 2024: Android 38, Windows 31, iOS 17, macOS 9 %),
    /// and a user agent in its present, reduced form (chromium.org).</summary>
    public static IReadOnlyList<(double Share, string Type, string Os, string UserAgent)> Kinds { get; } =
    [
        (27, "mobile", "Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"),
        (7.5, "mobile", "Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
        (3.5, "tablet", "Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
        (21, "desktop", "Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
        (7, "desktop", "Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"),
        (3, "desktop", "Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"),
        (14, "mobile", "iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"),
        (3, "tablet", "iOS", "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"),
        (5, "desktop", "macOS", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15"),
        (4, "desktop", "macOS", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
        (3, "desktop", "Linux", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
        (2, "desktop", "Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    ];
}
