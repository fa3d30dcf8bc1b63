namespace LakehouseLab.World.People;

/// <summary>Where a person is during an interval.</summary>
/// <param name="City">The city, or <see cref="Population.OnTheWay"/>.</param>
/// <param name="FromMs">From when on, inclusive, in Unix milliseconds.</param>
/// <param name="UntilMs">Until when, exclusive.</param>
internal readonly record struct Whereabouts(int City, long FromMs, long UntilMs)
{
    /// <summary>The same place, as far as the interval is within another.</summary>
    public Whereabouts Within(long fromMs, long untilMs) => new(City, Math.Max(FromMs, fromMs), Math.Min(UntilMs, untilMs));
}
