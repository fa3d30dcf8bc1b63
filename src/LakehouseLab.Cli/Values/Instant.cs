using System.Globalization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Instants: <c>2026-01-31</c>, <c>2026-01-31T12:00:00Z</c>, <c>2026-01-31T12:00:00.250+02:00</c>. Without an offset they are UTC.</summary>
internal static class Instant
{
    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'",
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFzzz",
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFF",
    ];

    /// <summary>Reads an instant.</summary>
    /// <returns>The instant, in UTC.</returns>
    /// <exception cref="InvalidRequestException">It is not an instant.</exception>
    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant
            : throw new InvalidRequestException("is not a date or time: write it like 2026-01-31 or 2026-01-31T12:00:00Z (UTC unless an offset such as +02:00 is given; at most milliseconds)");

    /// <summary>Writes an instant as short as <see cref="Parse"/> reads it back.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.ToString(instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
