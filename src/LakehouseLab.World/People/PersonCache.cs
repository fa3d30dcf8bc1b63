namespace LakehouseLab.World.People;

/// <summary>What rows ask of people again and again, kept for some thousands of them: functions of person and instant,
/// so what is forgotten is only computed again. Not thread-safe.</summary>
internal sealed class PersonCache(Population population)
{
    // One cache line each: 1 MiB, which a core's own cache holds.
    private const int Entries = 1 << 14;

    private readonly PersonFacts[] _entries = new PersonFacts[Entries];

    /// <summary>A person's facts.</summary>
    /// <param name="person">The person.</param>
    /// <param name="unixMs">The instant at which their place is wanted.</param>
    public ref readonly PersonFacts Get(long person, long unixMs)
    {
        ref PersonFacts entry = ref _entries[(int)(person & (Entries - 1))];
        if (entry.UserId == 0 || entry.Person != person)
        {
            ulong key = population.KeyOf(person);
            short market = (short)population.MarketOf(person);
            entry = new PersonFacts
            {
                Person = person,
                UserId = population.UserIdOf(person),
                Key = key,
                Spending = Population.SpendingOf(key),
                Market = market,
                Country = (short)population.Markets[market].Country.Index,
            };
        }

        if (unixMs < entry.FromMs || unixMs >= entry.UntilMs)
        {
            Whereabouts place = population.Locate(entry.Key, population.Markets[entry.Market], unixMs);
            entry.City = place.City;
            entry.FromMs = place.FromMs;
            entry.UntilMs = place.UntilMs;
        }

        return ref entry;
    }
}

/// <summary>What a row needs to know of a person.</summary>
internal struct PersonFacts
{
    public long Person;
    public long UserId;
    public ulong Key;

    /// <summary>See <see cref="Population.SpendingOf"/>.</summary>
    public double Spending;

    /// <summary>From when on the person is in <see cref="City"/>.</summary>
    public long FromMs;

    /// <summary>Until when, exclusive; 0 when the place is not known yet.</summary>
    public long UntilMs;

    /// <summary>The city, or <see cref="Population.OnTheWay"/>.</summary>
    public int City;

    public short Market;

    /// <summary>The country in which the person lives.</summary>
    public short Country;
}
