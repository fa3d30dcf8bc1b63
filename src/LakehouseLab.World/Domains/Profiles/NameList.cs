using System.Text;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>The names of a language (from names.csv and streets.csv) and how they are put together. Immutable.</summary>
internal sealed class NameList
{
    /// <summary>Tickets of given names in each of the lists.</summary>
    public const int GivenTickets = 64;

    /// <summary>Tickets of family names.</summary>
    public const int FamilyTickets = 256;

    private const int Lists = 4;

    private readonly List<Name> _given = [];
    private readonly (int Name, int Ordinal)[,] _givenOfTicket = new (int, int)[Lists, GivenTickets];
    private readonly (int Name, int Ordinal)[] _familyOfTicket = new (int, int)[FamilyTickets];
    private readonly Name[] _families;
    private readonly Name[] _feminineFamilies;

    private NameList(string[] row, string streets)
    {
        string language = row[0];
        FamilyFirst = row[1] == "family";
        Separator = language == "ko" ? [] : " "u8.ToArray();
        SecondFamilyShare = Atlas.Number(row[2]);
        (string Masculine, string Feminine)[] endings = [.. row[3].Split('|', StringSplitOptions.RemoveEmptyEntries).Select(pair => (pair.Split('>')[0], pair.Split('>')[1]))];
        double flatness = Atlas.Number(row[4]);
        for (int list = 0; list < Lists; list++)
        {
            AddGiven(list, [.. row[5 + list].Split('|').Select(name => new Name(name, language))], flatness);
        }

        string[] families = row[9].Split('|');
        _families = [.. families.Select(name => new Name(name, language))];
        _feminineFamilies = [.. families.Select(name => new Name(FeminineOf(name, endings), language))];
        NameTickets tickets = new(families.Length, FamilyTickets, flatness);
        for (int ticket = 0; ticket < FamilyTickets; ticket++)
        {
            Name family = _families[tickets.NameOf(ticket)];
            _familyOfTicket[ticket] = (tickets.NameOf(ticket), family.Tickets++);
            _feminineFamilies[tickets.NameOf(ticket)].Tickets++;
        }

        Streets = [.. streets.Split('|').Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The lists by language.</summary>
    public static IReadOnlyDictionary<string, NameList> All { get; } = Load();

    /// <summary>Whether the family's name comes first.</summary>
    public bool FamilyFirst { get; }

    /// <summary>What stands between the names.</summary>
    public byte[] Separator { get; }

    /// <summary>Share of people with a second family name.</summary>
    public double SecondFamilyShare { get; }

    /// <summary>Names of streets.</summary>
    public byte[][] Streets { get; }

    /// <summary>The given name of a ticket.</summary>
    /// <param name="isMale">Whether it is of the list for men.</param>
    /// <param name="isOlder">Whether it is of the list of those born earlier.</param>
    /// <param name="ticket">0 to <see cref="GivenTickets"/> − 1.</param>
    /// <returns>The name, and the ticket's number among those of the name in all lists.</returns>
    public (Name Name, int Ordinal) GivenOf(bool isMale, bool isOlder, int ticket)
    {
        (int name, int ordinal) = _givenOfTicket[(isOlder ? 2 : 0) + (isMale ? 1 : 0), ticket];
        return (_given[name], ordinal);
    }

    /// <summary>The family name of a ticket.</summary>
    /// <returns>The name in the person's grammatical gender, and the ticket's number among those of the name.</returns>
    public (Name Name, int Ordinal) FamilyOf(bool isMale, int ticket)
    {
        (int name, int ordinal) = _familyOfTicket[ticket];
        return ((isMale ? _families : _feminineFamilies)[name], ordinal);
    }

    private static Dictionary<string, NameList> Load()
    {
        Dictionary<string, string> streets = Atlas.Table("streets.csv").ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);
        return Atlas.Table("names.csv").ToDictionary(row => row[0], row => new NameList(row, streets[row[0]]), StringComparer.Ordinal);
    }

    private static string FeminineOf(string family, (string Masculine, string Feminine)[] endings)
    {
        (string masculine, string feminine) = Array.Find(endings, ending => family.EndsWith(ending.Masculine, StringComparison.Ordinal));
        return masculine is null ? family : family[..^masculine.Length] + feminine;
    }

    // A name of two lists is one name, whose tickets are those of both.
    private void AddGiven(int list, Name[] names, double flatness)
    {
        NameTickets tickets = new(names.Length, GivenTickets, flatness);
        for (int ticket = 0; ticket < GivenTickets; ticket++)
        {
            Name drawn = names[tickets.NameOf(ticket)];
            int known = _given.FindIndex(name => name.Latin.AsSpan().SequenceEqual(drawn.Latin));
            if (known < 0)
            {
                known = _given.Count;
                drawn.OwnsInitial = _given.TrueForAll(name => name.Latin[0] != drawn.Latin[0]);
                _given.Add(drawn);
            }

            _givenOfTicket[list, ticket] = (known, _given[known].Tickets++);
        }
    }

    /// <summary>A name.</summary>
    internal sealed class Name
    {
        public Name(string text, string language)
        {
            string[] forms = text.Split('=');
            Text = Encoding.UTF8.GetBytes(forms[0]);
            Latin = Encoding.UTF8.GetBytes(AsciiFold.Of(forms[^1], language));
            Hash = Latin.Aggregate(0UL, static (hash, letter) => Draw.Bits(hash, letter));
        }

        /// <summary>In the script of its language.</summary>
        public byte[] Text { get; }

        /// <summary>In small Latin letters.</summary>
        public byte[] Latin { get; }

        /// <summary>A hash of <see cref="Latin"/>.</summary>
        public ulong Hash { get; }

        /// <summary>How many tickets it has.</summary>
        public int Tickets { get; set; }

        /// <summary>Whether it is the one name with its first letter that is shortened to it.</summary>
        public bool OwnsInitial { get; set; }
    }
}
