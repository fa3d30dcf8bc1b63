using System.Globalization;
using System.Text.Unicode;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Devices;

/// <summary>
/// Addresses that can belong to nobody, split over countries: country c (its place in countries.csv) has the 4,096 IPv4
/// addresses from 198.18.0.0 + 4,096 c on (RFC 2544) and the IPv6 prefix 2001:db8:GROUP::/48 (RFC 3849).
/// </summary>
internal static class Network
{
    private const int Ipv4PerCountry = 4096;

    /// <summary>Writes an address of a country.</summary>
    /// <returns>Bytes written, at most 39.</returns>
    public static int Write(Span<byte> to, Country country, ulong bits)
    {
        int written;
        if (Draw.Unit(bits) < DeviceFigures.Ipv4Share)
        {
            int host = (country.Index * Ipv4PerCountry) + (int)(bits & (Ipv4PerCountry - 1));
            Utf8.TryWrite(to, CultureInfo.InvariantCulture, $"198.{18 + (host >> 16)}.{(host >> 8) & 255}.{host & 255}", out written);
        }
        else
        {
            Utf8.TryWrite(to, CultureInfo.InvariantCulture, $"2001:db8:{country.Ipv6Prefix}:{(bits & 0xFFF) + 1:x}::{((bits >> 12) & 0xFFFE) + 1:x}", out written);
        }

        return written;
    }
}
