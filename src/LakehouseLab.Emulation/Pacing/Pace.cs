using System.Globalization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Pacing;

/// <summary>How fast records leave.</summary>
/// <param name="Kind">What the pace goes by.</param>
/// <param name="Value">Rows a second, or how many times faster than the wall clock event time passes; 0 for full speed.</param>
public readonly record struct Pace(PaceKind Kind, double Value)
{
    private const double Slowest = 0.001;
    private const double Fastest = 1e9;

    /// <summary>As fast as records can be made and taken.</summary>
    public static Pace Max => new(PaceKind.Max, 0);

    /// <summary>The pace that a text says.</summary>
    /// <param name="text"><c>max</c>, <c>1000/s</c>, <c>realtime</c> or <c>60x</c>.</param>
    /// <exception cref="InvalidRequestException">It says none.</exception>
    public static Pace Parse(string text) => text switch
    {
        "max" => Max,
        "realtime" => new Pace(PaceKind.EventTime, 1),
        _ when TryNumber(text, "/s", out double rows) => new Pace(PaceKind.Rows, rows),
        _ when TryNumber(text, "x", out double times) => new Pace(PaceKind.EventTime, times),
        _ => throw new InvalidRequestException($"is not a pace: write it like max, 1000/s, realtime or 60x, from {Slowest} to {Fastest:0,0}"),
    };

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Kind switch
    {
        PaceKind.Max => "max",
        PaceKind.Rows => $"{Value.ToString(CultureInfo.InvariantCulture)}/s",
        _ => Value == 1 ? "realtime" : $"{Value.ToString(CultureInfo.InvariantCulture)}x",
    };

    private static bool TryNumber(string text, string unit, out double value)
    {
        value = 0;
        return text.EndsWith(unit, StringComparison.Ordinal) && TryCount(text[..^unit.Length], out value) && value is >= Slowest and <= Fastest;
    }

    // Thousands and millions as people write them.
    private static bool TryCount(string text, out double value)
    {
        double factor = text.Length == 0 ? 1 : text[^1] switch { 'k' => 1e3, 'M' => 1e6, _ => 1 };
        bool isNumber = double.TryParse(
            (factor == 1 ? text : text[..^1]).Replace("_", string.Empty, StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
        value *= factor;
        return isNumber;
    }
}

/// <summary>What a pace goes by.</summary>
public enum PaceKind
{
    /// <summary>Nothing: full speed.</summary>
    Max,

    /// <summary>Rows a second of the wall clock.</summary>
    Rows,

    /// <summary>The records' own times.</summary>
    EventTime,
}
