namespace LakehouseLab.World.Merchants;

/// <summary>Every figure of merchants that is not a category's (those are in categories.csv).</summary>
internal static class MerchantFigures
{
    /// <summary>Exponent of Zipf's law among the merchants of a category in a country.</summary>
    /// <remarks>With <see cref="ChainReach"/> all merchants together, by name, fall with a slope of about −1 (Nat. Commun. 2018):
    /// national merchants alone fall less steeply, since countries and categories differ in size.</remarks>
    public const double PopularityExponent = 1.2;

    /// <summary>The merchant of rank r, from 0, is that of an international chain with the chance reach ÷ (reach + r).</summary>
    public const double ChainReach = 3;

    /// <summary>A card limit that no purchase passes, in US dollars; it also bounds every amount far below DECIMAL(15,4).</summary>
    public const double LimitUsd = 5_000;
}
