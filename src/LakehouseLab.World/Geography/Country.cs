using System.Text;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Geography;

/// <summary>A country in which people live and merchants trade.</summary>
/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Name">English name.</param>
/// <param name="Languages">Languages of its people's names (ISO 639-1), the first that of its streets.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="Share">Its share of the people, as a weight.</param>
/// <param name="Risk">How risky its customers are rated, 1 to 3.</param>
/// <param name="Ipv6Prefix">Its hexadecimal group in 2001:db8:GROUP::/48.</param>
public sealed record Country(
    string Code,
    string Name,
    IReadOnlyList<string> Languages,
    Currency Currency,
    double Share,
    int Risk,
    string Ipv6Prefix)
{
    /// <summary>Its cities.</summary>
    public IReadOnlyList<City> Cities { get; internal set; } = [];

    /// <summary>Its number in <see cref="Atlas.Countries"/>.</summary>
    public int Index { get; internal init; }

    /// <summary>Shares of <see cref="Languages"/> among its people.</summary>
    internal AliasTable LanguageShares { get; init; } = null!;

    /// <summary>Ranges of telephone numbers, the preferred ones first: reserved for fiction where there are such, the last one large and not allocated.</summary>
    internal IReadOnlyList<TextPattern> PhoneRanges { get; init; } = null!;

    /// <summary>Whether its people are young, middle or old: a name in the figures of profiles.</summary>
    internal string AgePyramid { get; init; } = null!;

    /// <summary>The first day of its weekend, from Monday: 5 for Saturday.</summary>
    internal int FirstDayOff { get; init; }

    /// <summary>How it writes addresses.</summary>
    internal AddressForm AddressForm { get; init; } = null!;
}

/// <summary>A city.</summary>
/// <param name="Name">Its English name.</param>
/// <param name="Country">Where it is.</param>
/// <param name="Latitude">Degrees, north is positive.</param>
/// <param name="Longitude">Degrees, east is positive.</param>
/// <param name="Population">People.</param>
/// <param name="UtcOffsetMinutes">Minutes by which its standard time is ahead of UTC.</param>
/// <param name="LocalName">Its name in its addresses.</param>
/// <param name="Region">State or province as its addresses have it; empty where they have none.</param>
public sealed record City(
    string Name,
    Country Country,
    double Latitude,
    double Longitude,
    int Population,
    int UtcOffsetMinutes,
    string LocalName,
    string Region)
{
    /// <summary>Its number in <see cref="Atlas.Cities"/>.</summary>
    public int Index { get; internal init; }

    /// <summary>Its postal codes.</summary>
    internal TextPattern PostalCodes { get; init; } = null!;

    /// <summary>Language of its streets (ISO 639-1).</summary>
    internal string Language { get; init; } = null!;

    /// <summary><see cref="LocalName"/> in UTF-8.</summary>
    internal byte[] LocalNameUtf8 { get; } = Encoding.UTF8.GetBytes(LocalName);

    /// <summary><see cref="Region"/> in UTF-8.</summary>
    internal byte[] RegionUtf8 { get; } = Encoding.UTF8.GetBytes(Region);
}

/// <summary>A currency.</summary>
/// <param name="Code">ISO 4217.</param>
/// <param name="Decimals">Decimals of an amount (ISO 4217), at most the schema's scale.</param>
/// <param name="UsdRate">US dollars for one unit, fixed for the whole life of a world.</param>
public sealed record Currency(string Code, int Decimals, decimal UsdRate)
{
    /// <summary>One unit in units of its last decimal.</summary>
    public long UnitsPerWhole { get; } = Decimals switch { 0 => 1, 2 => 100, 3 => 1000, _ => throw new ArgumentOutOfRangeException(nameof(Decimals)) };
}
