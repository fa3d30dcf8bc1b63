using LakehouseLab.World.Batches;
using LakehouseLab.World.Devices;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.World;

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

        foreach (string level in Allowed(DomainSchemas.UserProfile, "risk_level"))
        {
            RiskLevels.Add(level);
        }

        List<string> types = [.. Allowed(DomainSchemas.DeviceLog, "device_type")];
        List<string> systems = [.. Allowed(DomainSchemas.DeviceLog, "os")];
        types.ForEach(type => DeviceTypes.Add(type));
        systems.ForEach(system => OperatingSystems.Add(system));
        foreach ((_, _, _, string userAgent) in DeviceFigures.Kinds)
        {
            UserAgents.Add(userAgent);
        }

        TypeOfKind = [.. DeviceFigures.Kinds.Select(kind => types.IndexOf(kind.Type))];
        SystemOfKind = [.. DeviceFigures.Kinds.Select(kind => systems.IndexOf(kind.Os))];
        DecimalsOfCountry = [.. atlas.Countries.Select(country => (byte)country.Currency.Decimals)];
    }

    /// <summary>Currency codes.</summary>
    public Utf8Dictionary Currencies { get; } = new();

    /// <summary>`City, CC`, numbered as the atlas's cities, then `Online, CC`.</summary>
    public Utf8Dictionary Places { get; } = new();

    /// <summary>Country codes, numbered as the atlas's countries.</summary>
    public Utf8Dictionary Countries { get; } = new();

    /// <summary>low, medium, high.</summary>
    public Utf8Dictionary RiskLevels { get; } = new();

    public Utf8Dictionary DeviceTypes { get; } = new();

    public Utf8Dictionary OperatingSystems { get; } = new();

    /// <summary>User agents, numbered as the kinds of device.</summary>
    public Utf8Dictionary UserAgents { get; } = new();

    public int[] TypeOfKind { get; }

    public int[] SystemOfKind { get; }

    public int[] OnlineOfCountry { get; }

    public int[] CurrencyOfCountry { get; }

    public byte[] DecimalsOfCountry { get; }

    private static IReadOnlyList<string> Allowed(DomainSchema schema, string field) =>
        schema.Fields[schema.IndexOf(field)].AllowedValues!;
}
