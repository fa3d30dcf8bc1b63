using System.Globalization;
using System.Text;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Devices;

/// <summary>
/// Addresses that can belong to nobody, split over countries: country c (its place in countries.csv) has the 4,096 IPv4
/// addresses from 198.18.0.0 + 4,096 c on (RFC 2544) and the IPv6 prefix 2001:db8:GROUP::/48 (RFC 3849).
/// </summary>
internal static class Network
{
    /// <summary>Bytes of the longest address.</summary>
    public const int LongestAddress = 64;

    private const int Ipv4PerCountry = 4096;

    private static readonly byte[][] Prefixes =
        [.. Atlas.Instance.Countries.Select(country => Encoding.UTF8.GetBytes($"2001:db8:{country.Ipv6Prefix}:"))];

    // All parts of IPv4 addresses.
    private static readonly byte[][] Octets = [.. Enumerable.Range(0, 256).Select(octet => Encoding.UTF8.GetBytes(octet.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>Writes an address of a country.</summary>
    /// <returns>Bytes written, at most <see cref="LongestAddress"/>.</returns>
    public static int Write(Span<byte> to, int country, ulong bits) =>
        Draw.Unit(bits) < DeviceFigures.Ipv4Share ? WriteIpv4(to, country, bits) : WriteIpv6(to, country, bits);

    private static int WriteIpv4(Span<byte> to, int country, ulong bits)
    {
        int host = (country * Ipv4PerCountry) + (int)(bits & (Ipv4PerCountry - 1));
        "198."u8.CopyTo(to);
        int length = 4 + Append(to[4..], Octets[18 + (host >> 16)]);
        to[length++] = (byte)'.';
        length += Append(to[length..], Octets[(host >> 8) & 255]);
        to[length++] = (byte)'.';
        return length + Append(to[length..], Octets[host & 255]);
    }

    private static int WriteIpv6(Span<byte> to, int country, ulong bits)
    {
        int length = Append(to, Prefixes[country]);
        length += AppendHex(to[length..], (int)(bits & 0xFFF) + 1);
        to[length++] = (byte)':';
        to[length++] = (byte)':';
        return length + AppendHex(to[length..], (int)((bits >> 12) & 0xFFFE) + 1);
    }

    private static int Append(Span<byte> to, byte[] text)
    {
        text.CopyTo(to);
        return text.Length;
    }

    // Without leading zeros, as RFC 5952 has it.
    private static int AppendHex(Span<byte> to, int value)
    {
        int digits = value > 0xFFF ? 4 : value > 0xFF ? 3 : value > 0xF ? 2 : 1;
        for (int i = digits - 1; i >= 0; i--)
        {
            to[i] = "0123456789abcdef"u8[value & 15];
            value >>= 4;
        }

        return digits;
    }
}
