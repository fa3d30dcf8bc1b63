namespace LakehouseLab.World.Geography;

/// <summary>A country in which people live and merchants trade.</summary>
/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Name">English name.</param>
/// <param name="Language">Language of its people's names and streets (ISO 639-1).</param>
/// <param name="Currency">Its currency.</param>
/// <param name="PhonePattern">E.164 number of a range reserved for fiction or not in service; # stands for a digit, @ for one of 2 to 9.</param>
/// <param name="Share">Its share of the people, as a weight.</param>
/// <param name="Risk">How risky its customers are rated, 1 to 3.</param>
/// <param name="Ipv6Prefix">Its hexadecimal group in 2001:db8:GROUP::/48.</param>
public sealed record Country(
    string Code,
    string Name,
    string Language,
    Currency Currency,
    string PhonePattern,
    double Share,
    int Risk,
    string Ipv6Prefix)
{
    /// <summary>Its cities.</summary>
    public IReadOnlyList<City> Cities { get; internal set; } = [];

    /// <summary>Its number in <see cref="Atlas.Countries"/>.</summary>
    public int Index { get; internal init; }
}

/// <summary>A city.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Country">Where it is.</param>
/// <param name="Latitude">Degrees, north is positive.</param>
/// <param name="Longitude">Degrees, east is positive.</param>
/// <param name="Population">People.</param>
/// <param name="UtcOffsetMinutes">Minutes by which its standard time is ahead of UTC.</param>
public sealed record City(string Name, Country Country, double Latitude, double Longitude, int Population, int UtcOffsetMinutes)
{
    /// <summary>Its number in <see cref="Atlas.Cities"/>.</summary>
    public int Index { get; internal init; }
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
