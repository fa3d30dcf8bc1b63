using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>
/// What people are called. Tickets of family and given names and a number for namesakes beyond them are one permuted number, so that no two people
/// have all three alike: what tells namesakes apart is arithmetic, without a list of everybody. Immutable.
/// </summary>
internal sealed class PersonNames
{
    private const int TicketsOfGiven = 2 * NameList.GivenTickets;

    private static readonly NameList[][] LanguagesOfCountry =
        [.. Atlas.Instance.Countries.Select(country => country.Languages.Select(language => NameList.All[language]).ToArray())];

    private readonly Permutation _tickets;
    private readonly long _decks;

    /// <summary>Makes the names of a world.</summary>
    public PersonNames(ulong seed, long people)
    {
        const long Deck = (long)NameList.FamilyTickets * TicketsOfGiven;
        _decks = (people + Deck - 1) / Deck;
        _tickets = new Permutation(Draw.Key(seed, Purpose.Names, 0), _decks * Deck);
    }

    /// <summary>The name of a person.</summary>
    /// <param name="person">The person.</param>
    /// <param name="personKey">The key of their draws.</param>
    /// <param name="country">Where they live.</param>
    /// <param name="isOlder">Whether they were born when the older given names were given.</param>
    public PersonName Of(long person, ulong personKey, Country country, bool isOlder)
    {
        long number = Math.DivRem(_tickets.Apply(person), TicketsOfGiven, out long givenTicket);
        long deck = Math.DivRem(number, NameList.FamilyTickets, out long familyTicket);
        int languageNumber = country.LanguageShares.Pick(Draw.Bits(personKey, Purpose.Language));
        NameList language = LanguagesOfCountry[country.Index][languageNumber];
        bool isMale = givenTicket >= NameList.GivenTickets;
        (NameList.Name given, int givenOrdinal) = language.GivenOf(isMale, isOlder, (int)(givenTicket % NameList.GivenTickets));
        (NameList.Name family, int familyOrdinal) = language.FamilyOf(isMale, (int)familyTicket);

        // Only where the language is at home.
        ulong second = Draw.Bits(personKey, Purpose.SecondFamilyName);
        NameList.Name? secondFamily = languageNumber == 0 && language.SecondFamilyShare > 0 && Draw.Unit(second) < language.SecondFamilyShare
            ? language.FamilyOf(isMale, (int)(second % NameList.FamilyTickets)).Name
            : null;
        long code = (((deck * family.Tickets) + familyOrdinal) * given.Tickets) + givenOrdinal;
        return new PersonName(language, given, family, secondFamily, code, _decks * family.Tickets * given.Tickets);
    }
}

/// <summary>A person's name.</summary>
/// <param name="Language">The language that it is of.</param>
/// <param name="Given">The given name.</param>
/// <param name="Family">The family name.</param>
/// <param name="SecondFamily">The second family name, or null.</param>
/// <param name="Code">Tells people of the same given and family name apart: 0 to <paramref name="Codes"/> − 1, each at most once.</param>
/// <param name="Codes">How many of that name there can be.</param>
internal readonly record struct PersonName(
    NameList Language, NameList.Name Given, NameList.Name Family, NameList.Name? SecondFamily, long Code, long Codes)
{
    /// <summary>Writes the name.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> to)
    {
        ReadOnlySpan<byte> first = Language.FamilyFirst ? Family.Text : Given.Text;
        ReadOnlySpan<byte> last = Language.FamilyFirst ? Given.Text : Family.Text;
        int length = Append(to, 0, first);
        length = Append(to, length, Language.Separator);
        length = Append(to, length, last);
        return SecondFamily is null ? length : Append(to, Append(to, length, Language.Separator), SecondFamily.Text);
    }

    private static int Append(Span<byte> to, int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[length..]);
        return length + text.Length;
    }
}
