using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.People;

/// <summary>The people of one country who share a clock. Their internal indices are consecutive.</summary>
internal sealed class Market(Country country, int utcOffsetMinutes, IReadOnlyList<City> cities, long firstPerson, long people)
{
    private readonly AliasTable _cities = new([.. cities.Select(city => (double)city.Population)]);
    private readonly int[] _cityIndices = [.. cities.Select(city => city.Index)];

    public Country Country { get; } = country;

    public int UtcOffsetMinutes { get; } = utcOffsetMinutes;

    public long FirstPerson { get; } = firstPerson;

    public long People { get; } = people;

    /// <summary>A city by population, at 64 uniform bits.</summary>
    public int PickCity(ulong bits) => _cityIndices[_cities.Pick(bits)];
}
