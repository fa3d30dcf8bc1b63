using LakehouseLab.World.Batches;
using LakehouseLab.World.Geography;

namespace LakehouseLab.World.Parts;

/// <summary>The texts that every record repeats, by number. Immutable.</summary>
internal sealed class Words
{
    public Words()
    {
        Atlas atlas = Atlas.Instance;
        foreach (Currency currency in atlas.Currencies)
        {
            Currencies.Add(currency.Code);
        }

        foreach (City city in atlas.Cities)
        {
            Places.Add($"{city.Name}, {city.Country.Code}");
        }

        List<Currency> currencies = [.. atlas.Currencies];
        OnlineOfCountry = [.. atlas.Countries.Select(country => Places.Add($"Online, {country.Code}"))];
        CurrencyOfCountry = [.. atlas.Countries.Select(country => currencies.IndexOf(country.Currency))];
        foreach (Country country in atlas.Countries)
        {
            Countries.Add(country.Code);
        }

        DecimalsOfCountry = [.. atlas.Countries.Select(country => (byte)country.Currency.Decimals)];
    }

    /// <summary>Currency codes.</summary>
    public Utf8Dictionary Currencies { get; } = new();

    /// <summary>`City, CC`, numbered as the atlas's cities, then `Online, CC`.</summary>
    public Utf8Dictionary Places { get; } = new();

    /// <summary>Country codes, numbered as the atlas's countries.</summary>
    public Utf8Dictionary Countries { get; } = new();

    public int[] OnlineOfCountry { get; }

    public int[] CurrencyOfCountry { get; }

    public byte[] DecimalsOfCountry { get; }
}
