using System.Text;

namespace LakehouseLab.World.Geography;

/// <summary>How a country writes addresses on one line: N stands for the house's number, S for the street, C for the city, R for the region,
/// P for the postal code, a slash for a comma, anything else for itself. Immutable.</summary>
/// <param name="form">Its text in a data file.</param>
internal sealed class AddressForm(string form)
{
    private readonly byte[][] _parts = [.. Split(form.Replace("/", ", ", StringComparison.Ordinal)).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Writes an address.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> to, ReadOnlySpan<byte> house, ReadOnlySpan<byte> street, City city, ReadOnlySpan<byte> postalCode)
    {
        int length = 0;
        foreach (byte[] part in _parts)
        {
            ReadOnlySpan<byte> text = part[0] switch
            {
                (byte)'N' => house,
                (byte)'S' => street,
                (byte)'C' => city.LocalNameUtf8,
                (byte)'R' => city.RegionUtf8,
                (byte)'P' => postalCode,
                _ => part,
            };
            text.CopyTo(to[length..]);
            length += text.Length;
        }

        return length;
    }

    // A part is one of the letters or all that stands between two of them.
    private static IEnumerable<string> Split(string form)
    {
        int begun = 0;
        for (int i = 0; i <= form.Length; i++)
        {
            bool isLetter = i < form.Length && "NSCRP".Contains(form[i]);
            if ((isLetter || i == form.Length) && i > begun)
            {
                yield return form[begun..i];
            }

            if (isLetter)
            {
                yield return form[i].ToString();
                begun = i + 1;
            }
        }
    }
}
