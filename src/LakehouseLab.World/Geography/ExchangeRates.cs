namespace LakehouseLab.World.Geography;

/// <summary>What amounts of each currency are worth in US dollars: fixed for the whole life of every world, so that a
/// converted sum never depends on the day it is computed. Immutable.</summary>
public static class ExchangeRates
{
    /// <summary>Digits of <see cref="ExchangeRate.UsdRateUnits"/> in all.</summary>
    public const int Precision = 12;

    /// <summary>Decimals of <see cref="ExchangeRate.UsdRateUnits"/>.</summary>
    public const int Scale = 6;

    /// <summary>One rate for each currency of the world, in order of code.</summary>
    public static IReadOnlyList<ExchangeRate> All { get; } =
    [
        .. Atlas.Instance.Currencies
            .OrderBy(currency => currency.Code, StringComparer.Ordinal)
            .Select(currency => new ExchangeRate(currency.Code, currency.Decimals, ToUnits(currency.UsdRate))),
    ];

    private static long ToUnits(decimal rate)
    {
        decimal units = rate * 1_000_000;
        return decimal.IsInteger(units) ? (long)units : throw new ArgumentOutOfRangeException(nameof(rate), rate, $"a rate has at most {Scale} decimals");
    }
}

/// <summary>What a currency is worth.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Decimals">Decimals of its amounts (ISO 4217).</param>
/// <param name="UsdRateUnits">US dollars for one whole unit of the currency, in units of 10^-<see cref="ExchangeRates.Scale"/>: an exact DECIMAL(12,6).</param>
public sealed record ExchangeRate(string Currency, int Decimals, long UsdRateUnits)
{
    /// <summary>US dollars for one whole unit of the currency.</summary>
    public decimal UsdRate => UsdRateUnits / 1_000_000m;
}
