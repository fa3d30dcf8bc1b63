using System.Globalization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Spans of time: <c>90s</c>, <c>2m30s</c>, <c>1h</c>, <c>250ms</c>, <c>7d</c>.</summary>
internal static class Period
{
    private static readonly (string Unit, long Milliseconds)[] s_units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    /// <summary>Reads a span from 1 ms to 7 days.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static TimeSpan Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        long total = 0;
        bool isRead = rest.Length > 0;
        while (isRead && rest.Length > 0)
        {
            Number.Split(rest, out ReadOnlySpan<char> number, out ReadOnlySpan<char> after);
            int length = after.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> unit = length < 0 ? after : after[..length];
            isRead = TryRead(number, unit, (long)s_longest.TotalMilliseconds - total, out long milliseconds);
            total += milliseconds;
            rest = after[unit.Length..];
        }

        return isRead && total > 0
            ? TimeSpan.FromMilliseconds(total)
            : throw new InvalidRequestException("is not a span of time from 1ms to 7d: write it like 90s, 2m30s, 1h or 250ms");
    }

    /// <summary>Writes a span as <see cref="Parse"/> reads it.</summary>
    public static string Format(TimeSpan span)
    {
        (string unit, long milliseconds) = s_units.First(unit => unit.Milliseconds == 1 || (long)span.TotalMilliseconds % unit.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMilliseconds / milliseconds}{unit}");
    }

    private static bool TryRead(ReadOnlySpan<char> number, ReadOnlySpan<char> unit, long most, out long milliseconds)
    {
        foreach ((string name, long length) in s_units)
        {
            if (unit.SequenceEqual(name))
            {
                return Number.TryMultiply(number, length, out milliseconds) && milliseconds <= most;
            }
        }

        milliseconds = 0;
        return false;
    }
}
