using System.Globalization;
using System.Text;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>
/// E-mail addresses as people choose them: their name in some style, alone or with the year of birth or a word; a namesake for whom these are taken
/// has another word or a number. No two people ever have the same one.
/// </summary>
/// <remarks>A name's code selects style and domain, which are a namesake's own, or else a round in which words and numbers differ from those of every other round.
/// No family name is of two languages or a given name of its own, so different names never make the same text.</remarks>
internal static class EmailAddresses
{
    // Of those who have a style and domain first: with nothing added, and with nothing or a year.
    private const double PlainShare = 0.58;
    private const double YearShare = 0.86;
    private const int WordsOfRound = 8;
    private const int VersionsOfNumber = 16;

    private static readonly byte[][] Domains = [.. new[] { "@example.com", "@example.net", "@example.org" }.Select(Encoding.UTF8.GetBytes)];

    // Of those who have a style and domain first.
    private static readonly byte[][] FirstWords = Words(
        "mail home post online web inbox private me official letters family studio");

    // Of the others, eight to each round.
    private static readonly byte[][] LaterWords = Words(
        "sky lake river maple north cloud dawn fern amber pine birch olive ember harbor island juniper "
        + "blue green red silver music books garden coffee moon star sun rain snow wind fox wolf "
        + "bike run hike surf chess photo art film tea jazz rock piano guitar dance yoga cook "
        + "cat dog bird bear tiger lion panda owl rose lily ivy oak leaf stone sand wave");

    private static readonly Style[] Styles = [Style.Dotted, Style.Joined, Style.Reversed, Style.Underscored, Style.ReversedJoined];

    // With the initial, for the one given name that has it.
    private static readonly Style[] StylesWithInitial =
        [Style.Dotted, Style.Joined, Style.InitialJoined, Style.InitialDotted, Style.Reversed, Style.Underscored, Style.ReversedJoined];

    private enum Style
    {
        Dotted,
        Joined,
        Reversed,
        Underscored,
        ReversedJoined,
        InitialDotted,
        InitialJoined,
    }

    /// <summary>Writes an address of a person.</summary>
    /// <param name="to">Takes the address.</param>
    /// <param name="name">The person's name.</param>
    /// <param name="personKey">The key of their draws.</param>
    /// <param name="version">Which of their addresses, from 0.</param>
    /// <param name="birthYear">The year of their birth.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> to, in PersonName name, ulong personKey, long version, int birthYear)
    {
        Style[] styles = name.Given.OwnsInitial ? StylesWithInitial : Styles;
        int places = styles.Length * Domains.Length;
        long round = Math.DivRem(name.Code, places, out long place);
        if (name.Codes < places)
        {
            // Where there are few of a name, the usual styles and domains are taken rather than the others.
            double favour = Draw.Unit(Draw.Mix(name.Given.Hash ^ Draw.Mix(name.Family.Hash)));
            place += (long)(favour * favour * (places - name.Codes + 1));
        }

        int length = WriteName(to, name, styles[place % styles.Length]);
        length = round == 0
            ? WriteOwn(to, length, personKey, version, birthYear)
            : WriteOther(to, length, round - 1, version);
        return Append(to, length, Domains[place / styles.Length]);
    }

    private static int WriteName(Span<byte> to, in PersonName name, Style style)
    {
        ReadOnlySpan<byte> given = style is Style.InitialDotted or Style.InitialJoined ? name.Given.Latin.AsSpan(0, 1) : name.Given.Latin;
        bool reversed = style is Style.Reversed or Style.ReversedJoined;
        int length = Append(to, 0, reversed ? name.Family.Latin : given);
        length = Append(to, length, style switch
        {
            Style.Underscored => "_"u8,
            Style.Dotted or Style.Reversed or Style.InitialDotted => "."u8,
            _ => [],
        });
        return Append(to, length, reversed ? given : name.Family.Latin);
    }

    // Mostly nothing, else the year of birth or a word.
    private static int WriteOwn(Span<byte> to, int length, ulong personKey, long version, int birthYear)
    {
        ulong bits = Draw.Bits(personKey, Purpose.Email + (ulong)version);
        double habit = Draw.Unit(bits);
        if (habit < PlainShare)
        {
            return length;
        }

        if (habit < YearShare)
        {
            return (bits & 3) == 0 ? AppendNumber(to, length, birthYear, 4) : AppendNumber(to, length, birthYear % 100, 2);
        }

        to[length++] = (byte)'.';
        return Append(to, length, FirstWords[(int)((bits & 0x3FF) % (ulong)FirstWords.Length)]);
    }

    // Numbers have three digits or at least six: two and four are years.
    private static int WriteOther(Span<byte> to, int length, long round, long version)
    {
        if (round < LaterWords.Length / WordsOfRound)
        {
            to[length++] = (byte)'.';
            return Append(to, length, LaterWords[(int)((round * WordsOfRound) + (version % WordsOfRound))]);
        }

        long number = 100 + ((round - (LaterWords.Length / WordsOfRound)) * VersionsOfNumber) + (version % VersionsOfNumber);
        return AppendNumber(to, length, number < 1000 ? number : number + 100_000, 0);
    }

    private static int AppendNumber(Span<byte> to, int length, long number, int digits)
    {
        number.TryFormat(to[length..], out int written, digits == 2 ? "00" : default(ReadOnlySpan<char>), CultureInfo.InvariantCulture);
        return length + written;
    }

    private static int Append(Span<byte> to, int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[length..]);
        return length + text.Length;
    }

    private static byte[][] Words(string words) => [.. words.Split(' ').Select(Encoding.UTF8.GetBytes)];
}
