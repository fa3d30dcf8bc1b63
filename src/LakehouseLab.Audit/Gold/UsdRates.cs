using LakehouseLab.World.Geography;

namespace LakehouseLab.Audit.Gold;

/// <summary>Converts amounts as the models do: exact, rounded half up to cents.</summary>
internal sealed class UsdRates(TextIndex currencies)
{
    // Four decimals of an amount and six of a rate, of which two stay.
    private const long CentUnits = 100_000_000;

    private readonly Dictionary<string, long> _rates = ExchangeRates.All.ToDictionary(rate => rate.Currency, rate => rate.UsdRateUnits, StringComparer.Ordinal);
    private long[] _byIndex = [];

    /// <summary>US cents of an amount.</summary>
    /// <param name="currency">Number of the currency.</param>
    /// <param name="units">The amount with four decimals, not negative.</param>
    public long CentsOf(int currency, long units)
    {
        if (currency >= _byIndex.Length)
        {
            _byIndex = [.. Enumerable.Range(0, currencies.Count).Select(index => _rates[currencies.TextOf(index)])];
        }

        return (long)((((Int128)units * _byIndex[currency]) + (CentUnits / 2)) / CentUnits);
    }
}
