using System.Globalization;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Geography;

/// <summary>The countries, cities and currencies of every world, from the project's data files. Immutable.</summary>
/// <remarks>Coordinates, populations and standard-time offsets are rounded public facts; rates are fixed round figures of
/// 2026 so that a converted sum never depends on the day it is computed; shares are this world's own.</remarks>
public sealed class Atlas
{
    // IUGG mean radius of the earth.
    private const double EarthRadiusKm = 6371.0;

    private readonly float[] _distances;

    private Atlas()
    {
        Dictionary<string, int> decimals = Table("currencies.csv").ToDictionary(row => row[0], row => Whole(row[1]), StringComparer.Ordinal);
        Dictionary<string, Currency> currencies = new(StringComparer.Ordinal);
        List<Country> countries = [];
        foreach (string[] row in Table("countries.csv"))
        {
            if (!currencies.TryGetValue(row[3], out Currency? currency))
            {
                currency = new Currency(row[3], decimals[row[3]], decimal.Parse(row[4], CultureInfo.InvariantCulture));
                currencies.Add(row[3], currency);
            }

            countries.Add(new Country(row[0], row[1], row[2], currency, row[5], Number(row[6]), Whole(row[7]), row[8]) { Index = countries.Count });
        }

        Dictionary<string, Country> byCode = countries.ToDictionary(country => country.Code, StringComparer.Ordinal);
        Cities = [.. Table("cities.csv").Select((row, index) =>
            new City(row[0], byCode[row[1]], Number(row[2]), Number(row[3]), Whole(row[4]), Whole(row[5])) { Index = index })];
        foreach (Country country in countries)
        {
            country.Cities = [.. Cities.Where(city => city.Country == country)];
        }

        Countries = countries;
        Currencies = [.. currencies.Values];
        _distances = Distances(Cities);
    }

    /// <summary>The one atlas.</summary>
    public static Atlas Instance { get; } = new();

    /// <summary>All countries.</summary>
    public IReadOnlyList<Country> Countries { get; }

    /// <summary>All cities.</summary>
    public IReadOnlyList<City> Cities { get; }

    /// <summary>All currencies.</summary>
    public IReadOnlyList<Currency> Currencies { get; }

    /// <summary>Kilometres between two cities along the great circle.</summary>
    public double DistanceKm(int from, int to) => _distances[(from * Cities.Count) + to];

    /// <summary>The rows of a data file without its header, split at commas; the files have no quotes.</summary>
    internal static IEnumerable<string[]> Table(string name)
    {
        using Stream stream = typeof(Atlas).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split(',');
        }
    }

    internal static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    internal static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // Haversine formula.
    private static float[] Distances(IReadOnlyList<City> cities)
    {
        int count = cities.Count;
        float[] distances = new float[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                double north = WorldMath.Sin(WorldMath.Radians(cities[i].Latitude - cities[j].Latitude) / 2);
                double east = WorldMath.Sin(WorldMath.Radians(cities[i].Longitude - cities[j].Longitude) / 2);
                double haversine = (north * north)
                    + (WorldMath.Cos(WorldMath.Radians(cities[i].Latitude)) * WorldMath.Cos(WorldMath.Radians(cities[j].Latitude)) * east * east);
                double km = 2 * EarthRadiusKm * WorldMath.Asin(Math.Min(1, Math.Sqrt(haversine)));
                distances[(i * count) + j] = distances[(j * count) + i] = (float)km;
            }
        }

        return distances;
    }
}
