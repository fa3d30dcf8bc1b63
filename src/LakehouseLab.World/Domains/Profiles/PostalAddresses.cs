using System.Globalization;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>Addresses as a country's post delivers to them: functions of the person and the number of their residence.</summary>
internal static class PostalAddresses
{
    private const int LongestPart = 32;
    private const int HighestHouse = 180;

    private static readonly byte[][][] StreetsOfCity = [.. Atlas.Instance.Cities.Select(city => NameList.All[city.Language].Streets)];

    /// <summary>Writes the address of a person's residence.</summary>
    /// <param name="to">Takes the address.</param>
    /// <param name="personKey">The key of the person's draws.</param>
    /// <param name="residence">The number of the residence.</param>
    /// <param name="city">Where it is.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> to, ulong personKey, long residence, City city)
    {
        ulong key = Draw.Bits(personKey, Purpose.Address + (ulong)residence);
        Span<byte> house = stackalloc byte[LongestPart];
        Span<byte> postalCode = stackalloc byte[LongestPart];

        // Long streets are few, so low numbers are many.
        double place = Draw.Unit(Draw.Bits(key, 0));
        (1 + (int)(place * place * HighestHouse)).TryFormat(house, out int houseLength, default, CultureInfo.InvariantCulture);
        int codeLength = city.PostalCodes.Write(postalCode, (long)Draw.Below(Draw.Bits(key, 1), (ulong)city.PostalCodes.Count));
        byte[][] streets = StreetsOfCity[city.Index];
        byte[] street = streets[(int)Draw.Below(Draw.Bits(key, 2), (ulong)streets.Length)];
        return city.Country.AddressForm.Write(to, house[..houseLength], street, city, postalCode[..codeLength]);
    }
}
