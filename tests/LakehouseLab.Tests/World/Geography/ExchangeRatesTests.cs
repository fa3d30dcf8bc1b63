using LakehouseLab.World.Geography;

namespace LakehouseLab.Tests.World.Geography;

public sealed class ExchangeRatesTests
{
    [Fact]
    public void All_EveryCurrencyOfACountry_HasItsRateOnce()
    {
        Assert.Equal(
            Atlas.Instance.Countries.Select(country => (country.Currency.Code, country.Currency.Decimals, country.Currency.UsdRate)).Distinct().Order(),
            ExchangeRates.All.Select(rate => (rate.Currency, rate.Decimals, rate.UsdRate)));
    }

    [Fact]
    public void All_KnownCurrencies_AreExact()
    {
        Assert.Contains(new ExchangeRate("USD", 2, 1_000_000), ExchangeRates.All);
        Assert.Contains(new ExchangeRate("JPY", 0, 6_700), ExchangeRates.All);
        Assert.Contains(new ExchangeRate("KWD", 3, 3_250_000), ExchangeRates.All);
    }
}
