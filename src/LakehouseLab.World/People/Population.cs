using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Settings;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.People;

/// <summary>
/// Everybody. A person is an internal index, in order of market and activity; all else is a function of seed and index,
/// computed on demand, so memory does not grow with the number of people. Immutable.
/// </summary>
internal sealed class Population
{
    /// <summary>Where a person is during a journey: nowhere that has shops.</summary>
    public const int OnTheWay = -1;

    private static readonly QuantileTable Activity = MakeActivity();

    private readonly ulong _key;
    private readonly bool _trips;
    private readonly Permutation _ids;
    private readonly long[] _firstPeople;
    private readonly AliasTable _destinations;

    public Population(WorldSettings settings)
    {
        ulong seed = unchecked((ulong)settings.Seed);
        _key = Draw.Key(seed, Purpose.Person, 0);
        _ids = new Permutation(Draw.Key(seed, Purpose.UserId, 0), settings.Users);
        _trips = settings.Trips;
        Count = settings.Users;
        Markets = [.. MakeMarkets(settings.Users)];
        _firstPeople = [.. Markets.Select(market => market.FirstPerson)];

        // People travel to big cities, though less than in proportion to their size.
        _destinations = new AliasTable([.. Atlas.Instance.Cities.Select(city => Math.Sqrt(city.Population))]);
    }

    /// <summary>How many people there are.</summary>
    public long Count { get; }

    /// <summary>The markets that have people.</summary>
    public Market[] Markets { get; }

    /// <summary>The user_id of a person, 1 to <see cref="Count"/>.</summary>
    public long UserIdOf(long person) => _ids.Apply(person) + 1;

    /// <summary>The person of a user_id within 1 to <see cref="Count"/>.</summary>
    public long PersonOf(long userId) => _ids.Invert(userId - 1);

    /// <summary>The market of a person.</summary>
    public int MarketOf(long person)
    {
        int found = Array.BinarySearch(_firstPeople, person);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The key of all draws about a person.</summary>
    public ulong KeyOf(long person) => Draw.Bits(_key, (ulong)person);

    /// <summary>A person of a market, the active ones more often.</summary>
    public long PickActive(int market, ulong bits)
    {
        Market from = Markets[market];
        return from.FirstPerson + Math.Min(unchecked((long)(Activity.At(bits) * from.People)), from.People - 1);
    }

    /// <summary>A person of a market, each with the same chance.</summary>
    public long PickAny(int market, ulong bits)
    {
        Market from = Markets[market];
        return from.FirstPerson + (long)Draw.Below(bits, (ulong)from.People);
    }

    /// <summary>How freely a person spends: standard normal, the same in all categories.</summary>
    public static double SpendingOf(ulong personKey) => QuantileTable.Normal.At(Draw.Bits(personKey, Purpose.Spending));

    /// <summary>The city in which a person lives at an instant.</summary>
    public static int HomeAt(ulong personKey, Market market, long unixMs) =>
        market.PickCity(Draw.Bits(personKey, Purpose.Residence + (ulong)ResidenceAt(personKey, unixMs)));

    /// <summary>Which of a person's addresses is theirs at an instant: grows by one with every move.</summary>
    public static long ResidenceAt(ulong personKey, long unixMs) => (unixMs + ResidenceOffset(personKey, out long length)) / length;

    /// <summary>The city in which a person is at an instant, or <see cref="OnTheWay"/>.</summary>
    public int CityAt(ulong personKey, Market market, long unixMs) => Locate(personKey, market, unixMs).City;

    /// <summary>Where a person is at an instant, and for how long.</summary>
    public Whereabouts Locate(ulong personKey, Market market, long unixMs)
    {
        long offset = ResidenceOffset(personKey, out long length);
        long residence = (unixMs + offset) / length;
        int home = market.PickCity(Draw.Bits(personKey, Purpose.Residence + (ulong)residence));
        Whereabouts atHome = new(home, (residence * length) - offset, ((residence + 1) * length) - offset);
        if (!_trips)
        {
            return atHome;
        }

        long tripOffset = (long)Draw.Below(Draw.Bits(personKey, Purpose.TripOffset), PeopleFigures.TripPeriodMs);
        long period = (unixMs + tripOffset) / PeopleFigures.TripPeriodMs;
        long periodStart = (period * PeopleFigures.TripPeriodMs) - tripOffset;
        atHome = atHome.Within(periodStart, periodStart + PeopleFigures.TripPeriodMs);
        ulong trip = Draw.Bits(personKey, Purpose.Trip + (ulong)period);
        return Draw.Unit(trip) < PeopleFigures.TripChance ? OnTrip(trip, atHome, market, periodStart, unixMs) : atHome;
    }

    private static long ResidenceOffset(ulong personKey, out long length)
    {
        ulong bits = Draw.Bits(personKey, Purpose.ResidenceLength);
        length = PeopleFigures.ShortestResidenceMs
            + (long)Draw.Below(bits, PeopleFigures.LongestResidenceMs - PeopleFigures.ShortestResidenceMs);
        return (long)(bits % (ulong)length);
    }

    // Inverse of the Lorenz curve of activity: from a share of all payments to the person, as a share of all people.
    private static QuantileTable MakeActivity()
    {
        const int Steps = 1 << 14;
        double[] sums = new double[Steps + 1];
        for (int i = 0; i < Steps; i++)
        {
            ulong quantile = (ulong)((i + 0.5) / Steps * ulong.MaxValue);
            sums[i + 1] = sums[i] + WorldMath.Exp(PeopleFigures.ActivitySigma * QuantileTable.Normal.At(quantile));
        }

        return QuantileTable.Of(u =>
        {
            double sought = u * sums[Steps];
            int found = Array.BinarySearch(sums, sought);
            int step = Math.Clamp(found >= 0 ? found : ~found - 1, 0, Steps - 1);
            return (step + ((sought - sums[step]) / (sums[step + 1] - sums[step]))) / Steps;
        });
    }

    private static List<Market> MakeMarkets(long users)
    {
        List<Market> markets = [];
        double total = Atlas.Instance.Countries.Sum(country => country.Share);
        double before = 0;
        long first = 0;
        foreach (Country country in Atlas.Instance.Countries)
        {
            double population = country.Cities.Sum(city => (double)city.Population);
            foreach (IGrouping<int, City> zone in country.Cities.GroupBy(city => city.UtcOffsetMinutes))
            {
                before += country.Share * zone.Sum(city => (double)city.Population) / population;
                long end = Math.Min(users, (long)((before / total * users) + 0.5));
                if (end > first)
                {
                    markets.Add(new Market(country, zone.Key, [.. zone], first, end - first));
                    first = end;
                }
            }
        }

        return markets;
    }

    private Whereabouts OnTrip(ulong trip, Whereabouts atHome, Market market, long periodStart, long unixMs)
    {
        int destination = _destinations.Pick(Draw.Bits(trip, 0));
        for (ulong attempt = 1; Atlas.Instance.Cities[destination].Country == market.Country && attempt < 8; attempt++)
        {
            destination = _destinations.Pick(Draw.Bits(trip, attempt));
        }

        long journey = PeopleFigures.JourneyBaseMs
            + (long)(Atlas.Instance.DistanceKm(atHome.City, destination) / PeopleFigures.JourneyKmPerHour * Timeline.HourMs);
        long stay = PeopleFigures.ShortestStayMs
            + (long)Draw.Below(Draw.Bits(trip, 8), PeopleFigures.LongestStayMs - PeopleFigures.ShortestStayMs);
        long departure = periodStart + (long)Draw.Below(Draw.Bits(trip, 9), (ulong)(PeopleFigures.TripPeriodMs - stay - (2 * journey)));
        long arrival = departure + journey;
        long leave = arrival + stay;
        long back = leave + journey;
        return unixMs < departure ? atHome.Within(long.MinValue, departure)
            : unixMs >= back ? atHome.Within(back, long.MaxValue)
            : unixMs < arrival ? new Whereabouts(OnTheWay, departure, arrival).Within(atHome.FromMs, atHome.UntilMs)
            : unixMs < leave ? new Whereabouts(destination, arrival, leave).Within(atHome.FromMs, atHome.UntilMs)
            : new Whereabouts(OnTheWay, leave, back).Within(atHome.FromMs, atHome.UntilMs);
    }
}
