using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Counts: <c>1000000</c>, <c>10_000</c>, <c>1M</c>, <c>2.5k</c>.</summary>
internal static class Count
{
    /// <summary>Reads a count.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="minimum">The least that is allowed.</param>
    /// <param name="maximum">The most that is allowed.</param>
    /// <exception cref="InvalidRequestException">It is not a count or out of bounds.</exception>
    public static long Parse(string text, long minimum, long maximum)
    {
        Number.Split(text.AsSpan().Trim(), out ReadOnlySpan<char> number, out ReadOnlySpan<char> suffix);
        long unit = suffix switch
        {
            "" => 1,
            "k" or "K" => 1_000,
            "M" or "m" => 1_000_000,
            "G" or "g" or "B" or "b" => 1_000_000_000,
            "T" or "t" => 1_000_000_000_000,
            _ => 0,
        };
        return unit > 0 && Number.TryMultiply(number, unit, out long value) && value >= minimum && value <= maximum
            ? value
            : throw new InvalidRequestException($"is not a whole number from {Number.Grouped(minimum)} to {Number.Grouped(maximum)}: write it like 1000000, 10_000, 250k or 1M");
    }

    /// <summary>Reads a count of at least one that has no bound of its own.</summary>
    public static long ParsePositive(string text) => Parse(text, 1, long.MaxValue);
}
