namespace LakehouseLab.World.Time;

/// <summary>How activity follows the clock. Weights, of which only the proportions count.</summary>
/// <remarks>Targets: hours 0–5 carry 3–7 %, hours 9–20 60–72 %, the peak hour 8–13 % of purchases (PaySim aggregates).</remarks>
internal static class RhythmFigures
{
    /// <summary>By local hour.</summary>
    public static ReadOnlySpan<int> Hours =>
        [14, 10, 7, 5, 5, 7, 24, 36, 48, 44, 48, 54, 62, 54, 48, 47, 53, 66, 88, 68, 56, 58, 48, 34];

    /// <summary>By local day, from Monday, in percent.</summary>
    public static ReadOnlySpan<int> Days => [92, 94, 97, 101, 112, 114, 90];

    /// <summary>By month, from January, in percent: holiday shopping in November and December, a quiet start of the year.</summary>
    public static ReadOnlySpan<int> Months => [94, 94, 98, 99, 100, 100, 99, 98, 99, 101, 106, 112];
}
