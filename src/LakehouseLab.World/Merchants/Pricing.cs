using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Merchants;

/// <summary>Prices as people know them: in the currency of the merchant's country, with its decimals and endings. Immutable.</summary>
internal sealed class Pricing
{
    private readonly double[] _unitsPerUsd =
        [.. Atlas.Instance.Countries.Select(country => country.Currency.UnitsPerWhole / (double)country.Currency.UsdRate)];

    private readonly long[] _unitsPerWhole = [.. Atlas.Instance.Countries.Select(country => country.Currency.UnitsPerWhole)];

    /// <summary>An amount to the last decimal, at least one unit.</summary>
    public long Exact(double usd, int country) => Math.Max(1, unchecked((long)(Math.Min(usd, MerchantFigures.LimitUsd) * _unitsPerUsd[country])));

    /// <summary>A price of a category, with its habits of ending.</summary>
    public long Price(double usd, int country, Category category, ulong bits)
    {
        long units = Exact(usd, country);
        double ending = Draw.Unit(bits);
        long whole = _unitsPerWhole[country];
        if (whole == 1)
        {
            // Without decimals habit rounds to tens and ends on 8 or 9 in their place.
            long tens = units / 10 * 10;
            return tens == 0 || ending >= category.EndsWith50 ? units : ending < category.EndsWith99 ? tens + 8 : tens;
        }

        // Division by a constant is a multiplication.
        long wholes = whole == 100 ? units / 100 * 100 : units / whole * whole;
        if (wholes == 0 || ending >= category.EndsWith50)
        {
            // Fils are given in fives.
            return whole == 1000 ? Math.Max(5, units / 5 * 5) : units;
        }

        return ending < category.EndsWith99 ? wholes + (whole - (whole / 100))
            : ending < category.EndsWith00 ? wholes
            : wholes + (whole / 2);
    }

    /// <summary>An amount as crooks agree upon: whole, and just below the round one if asked for.</summary>
    public long Round(double usd, int country, bool justBelow)
    {
        long whole = _unitsPerWhole[country];
        long step = usd * _unitsPerUsd[country] / whole >= 1000 ? 100 * whole : 5 * whole;
        long rounded = Math.Max(step, Exact(usd, country) / step * step);
        return justBelow ? rounded - whole : rounded;
    }
}
