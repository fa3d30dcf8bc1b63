using System.Globalization;
using System.Text;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>Names, addresses, phones and e-mail addresses: functions of the person, in the script of their country. Immutable.</summary>
internal sealed class ProfileTexts
{
    private static readonly string[] MailWords =
        ["amber", "birch", "cloud", "dawn", "ember", "fern", "harbor", "island", "juniper", "lake", "maple", "north", "olive", "pine", "river", "sky"];

    private static readonly string[] MailDomains = ["example.com", "example.org", "example.net"];
    private static readonly HashSet<string> FamilyFirst = new(StringComparer.Ordinal) { "ja", "ko" };

    private readonly Dictionary<string, Language> _languages = Atlas.Table("names.csv").ToDictionary(
        row => row[0],
        row => new Language(Split(row[1]), Split(row[2]), Split(row[3]), FamilyFirst.Contains(row[0])),
        StringComparer.Ordinal);

    private ProfileTexts()
    {
    }

    /// <summary>The texts of every world.</summary>
    public static ProfileTexts Instance { get; } = new();

    /// <summary>Writes a person's name.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteName(Span<byte> to, ulong personKey, Country country)
    {
        Language language = _languages[country.Language];
        ReadOnlySpan<byte> given = Pick(language.Given, Draw.Bits(personKey, Purpose.GivenName));
        ReadOnlySpan<byte> family = Pick(language.Family, Draw.Bits(personKey, Purpose.FamilyName));
        ReadOnlySpan<byte> first = language.FamilyFirst ? family : given;
        first.CopyTo(to);
        to[first.Length] = (byte)' ';
        ReadOnlySpan<byte> second = language.FamilyFirst ? given : family;
        second.CopyTo(to[(first.Length + 1)..]);
        return first.Length + 1 + second.Length;
    }

    /// <summary>Writes the address of a person's residence: number, street, postal code and city.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteAddress(Span<byte> to, ulong personKey, long residence, City city)
    {
        ulong key = Draw.Bits(personKey, Purpose.Address + (ulong)residence);
        ulong house = 1 + Draw.Below(Draw.Bits(key, 0), 199);
        ulong postalCode = 10_000 + Draw.Below(Draw.Bits(key, 1), 89_999);
        ReadOnlySpan<byte> street = Pick(_languages[city.Country.Language].Streets, Draw.Bits(key, 2));
        house.TryFormat(to, out int length, default, CultureInfo.InvariantCulture);
        to[length++] = (byte)' ';
        street.CopyTo(to[length..]);
        length += street.Length;
        to[length++] = (byte)',';
        to[length++] = (byte)' ';
        postalCode.TryFormat(to[length..], out int digits, default, CultureInfo.InvariantCulture);
        length += digits;
        to[length++] = (byte)' ';
        return length + Encoding.UTF8.GetBytes(city.Name, to[length..]);
    }

    /// <summary>Writes a phone number of a person: the pattern of the country with its digits.</summary>
    /// <returns>Bytes written.</returns>
    public static int WritePhone(Span<byte> to, ulong personKey, long version, Country country)
    {
        ulong digits = Draw.Bits(personKey, Purpose.Phone + (ulong)version);
        for (int i = 0; i < country.PhonePattern.Length; i++)
        {
            char symbol = country.PhonePattern[i];
            switch (symbol)
            {
                case '#':
                    to[i] = (byte)('0' + (digits % 10));
                    digits /= 10;
                    break;
                case '@':
                    to[i] = (byte)('2' + (digits % 8));
                    digits /= 8;
                    break;
                default:
                    to[i] = (byte)symbol;
                    break;
            }
        }

        return country.PhonePattern.Length;
    }

    /// <summary>Writes an e-mail address of a person; unique, since it has the user_id.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteEmail(Span<byte> to, ulong personKey, long version, long userId)
    {
        ulong bits = Draw.Bits(personKey, Purpose.Email + (ulong)version);
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{MailWords[bits & 15]}.{MailWords[(bits >> 4) & 15]}{userId}@{MailDomains[(bits >> 8) % 3]}");
        return Encoding.UTF8.GetBytes(text, to);
    }

    private static byte[][] Split(string texts) => [.. texts.Split('|').Select(Encoding.UTF8.GetBytes)];

    private static byte[] Pick(byte[][] texts, ulong bits) => texts[(int)Draw.Below(bits, (ulong)texts.Length)];

    private sealed record Language(byte[][] Given, byte[][] Family, byte[][] Streets, bool FamilyFirst);
}
