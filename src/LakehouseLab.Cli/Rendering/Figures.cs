using System.Globalization;
using LakehouseLab.Cli.Values;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    /// <summary>A count with commas: <c>1,000,000</c>.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>An instant in UTC: <c>2026-01-31 12:00:00</c>.</summary>
    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Seconds: <c>0.42 s</c>, <c>12.3 s</c>, <c>3 min 20 s</c>.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes} min {time.Seconds} s"),
    };

    /// <summary>A rate: <c>2.10 M rows/s</c>.</summary>
    public static string Rate(long count, TimeSpan time, string what)
    {
        double rate = count / Math.Max(time.TotalSeconds, 1e-3);
        return rate >= 1e6
            ? string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:0.00} M {what}/s")
            : string.Create(CultureInfo.InvariantCulture, $"{rate:#,0} {what}/s");
    }

    /// <summary>Bytes in decimal units: <c>213.4 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A share of a whole in percent: <c>0.30 %</c>.</summary>
    public static string Percent(long part, long whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{(whole == 0 ? 0 : 100.0 * part / whole):0.00} %");

    /// <summary>An instant to the millisecond, in UTC: <c>2026-01-31 12:00:00.250</c>; such a text is a timestamp of time travel.</summary>
    public static string Instant(DateTimeOffset? value) =>
        value?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "?";
}
