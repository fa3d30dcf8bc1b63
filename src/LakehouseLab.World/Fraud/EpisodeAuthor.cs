using LakehouseLab.World.Batches;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Merchants;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Fraud;

/// <summary>Writes an episode's rows: a function of the episode's key and start. Not thread-safe.</summary>
internal sealed class EpisodeAuthor(Population population, Pricing pricing, MerchantCatalogue catalogue)
{
    private readonly AliasTable _markets = new([.. population.Markets.Select(market => (double)market.People)]);
    private ulong _key;
    private ulong _draws;

    /// <summary>Appends the rows of an episode, none of them before its start or beyond the longest episode.</summary>
    public void Write(EpisodeKind kind, ulong key, long startMs, long episode, List<EpisodeRow> rows)
    {
        _key = key;
        _draws = 16;
        switch (kind)
        {
            case EpisodeKind.AccountTakeover:
                WriteTakeover(startMs, episode, rows);
                break;
            case EpisodeKind.CardTesting:
                WriteCardTesting(startMs, episode, rows);
                break;
            case EpisodeKind.MerchantCollusion:
                WriteCollusion(startMs, episode, rows);
                break;
            case EpisodeKind.GeographicalAnomaly:
                WriteImpossibleTravel(startMs, episode, rows);
                break;
            case EpisodeKind.ShoppingSpree:
                WriteSpree(startMs, rows);
                break;
            default:
                WriteTinyPayments(startMs, rows);
                break;
        }
    }

    // A few small probes, then purchases of high value within hours to two days.
    private void WriteTakeover(long startMs, long episode, List<EpisodeRow> rows)
    {
        (long victim, Market market) = PickVictim();
        int crook = Chance(FraudFigures.ForeignCrook) ? PickForeignCity(market.Country.Index) : market.PickCity(Next());
        long time = startMs;
        int probes = Count(FraudFigures.ProbeCount);
        int purchases = probes + Count(FraudFigures.HighCount);
        for (int i = 0; i < purchases; i++)
        {
            int country = Chance(FraudFigures.TakeoverForeign) ? PickForeignCountry(market.Country.Index) : market.Country.Index;
            Category category = i < probes ? Find("digital") : Chance(FraudFigures.HighElectronics) ? Find("electronics") : Chance(0.5) ? Find("fashion") : Find("travel");
            double usd = i < probes ? Amount(FraudFigures.ProbeUsd) : Spread(FraudFigures.HighUsd);
            rows.Add(new(time, victim, PickMerchant(country, category), country, -1, pricing.Price(usd, country, category, Next()), FraudRule.AccountTakeover, episode, crook));
            time += Gap(i < probes - 1 ? FraudFigures.ProbeGapMs : FraudFigures.HighGapMs);
        }
    }

    // One device tries many cards, seconds apart, at one or two merchants.
    private void WriteCardTesting(long startMs, long episode, List<EpisodeRow> rows)
    {
        (_, Market market) = PickVictim();
        int crook = PickForeignCity(market.Country.Index);
        int country = market.Country.Index;
        Category category = Chance(FraudFigures.TestingDigital) ? Find("digital") : Find("fashion");
        int[] merchants = [PickMerchant(country, category), PickMerchant(country, category)];
        int attempts = Count(FraudFigures.TestingCount);
        long time = startMs;
        long card = 0;
        for (int i = 0, tries = 0; i < attempts; i++, tries--)
        {
            if (tries <= 0)
            {
                tries = Count(FraudFigures.TestingTries);
                card = Chance(FraudFigures.TestingForeign) ? PickVictim().Person : PickCard(country);
            }

            double usd = Amount(FraudFigures.TestingUsd);
            rows.Add(new(time, card, merchants[i & 1 & (int)(_key & 1)], country, -1, pricing.Exact(usd, country), FraudRule.CardTesting, episode, crook));
            time += Gap(FraudFigures.TestingGapMs);
        }
    }

    // Within hours a ring of cards buys round or just-under-limit amounts at one merchant.
    private void WriteCollusion(long startMs, long episode, List<EpisodeRow> rows)
    {
        (_, Market market) = PickVictim();
        int country = market.Country.Index;
        bool remote = Chance(FraudFigures.CollusionRemote);
        Category category = remote ? Find("electronics") : Chance(0.5) ? Find("restaurants") : Find("home");
        int merchant = PickMerchant(country, category);
        int shop = remote ? -1 : market.PickCity(Next());
        int purchases = Count(FraudFigures.CollusionCount);
        double limit = FraudFigures.CollusionLimitsUsd[(int)Draw.Below(Next(), (ulong)FraudFigures.CollusionLimitsUsd.Length)];
        long time = startMs;
        for (int i = 0; i < purchases; i++)
        {
            bool abroad = remote && Chance(2 * FraudFigures.CollusionForeign);
            long card = abroad ? PickVictim().Person : population.PickAny(IndexOf(market), Next());
            double usd = limit * (Chance(FraudFigures.CollusionAtLimit) ? 1 - (FraudFigures.CollusionBelowLimit * Unit()) : Amount((FraudFigures.CollusionLowest, 1)));
            rows.Add(new(time, card, merchant, country, shop, pricing.Round(usd, country, Chance(0.5)), FraudRule.MerchantCollusion, episode, -1));
            time += Gap(FraudFigures.CollusionGapMs);
        }
    }

    // The cardholder buys in a shop (a purchase of ordinary life, so not the episode's), then a copy of the card does too
    // far away for any aeroplane.
    private void WriteImpossibleTravel(long startMs, long episode, List<EpisodeRow> rows)
    {
        (long victim, Market market) = PickVictim();
        ulong personKey = population.KeyOf(victim);
        int here = population.CityAt(personKey, market, startMs);
        here = here == Population.OnTheWay ? Population.HomeAt(personKey, market, startMs) : here;
        int there = PickForeignCity(market.Country.Index);
        for (int i = 0; i < 16 && Atlas.Instance.DistanceKm(here, there) < FraudFigures.ImpossibleKm; i++)
        {
            there = PickForeignCity(market.Country.Index);
        }

        Category daily = Find(Chance(0.5) ? "groceries" : "restaurants");
        int country = Atlas.Instance.Cities[here].Country.Index;
        double usual = daily.PickAmount(Next(), Population.SpendingOf(personKey));
        rows.Add(new(startMs, victim, PickMerchant(country, daily), country, here, pricing.Price(usual, country, daily, Next()), FraudRule.None, 0, -1));

        int abroad = Atlas.Instance.Cities[there].Country.Index;
        double hours = Math.Min(FraudFigures.GeographicalHours, Atlas.Instance.DistanceKm(here, there) / FraudFigures.ImpossibleKmPerHour);
        int purchases = Count(FraudFigures.GeographicalCount);
        for (int i = 0; i < purchases; i++)
        {
            Category category = Find(Chance(0.5) ? "electronics" : Chance(0.5) ? "fashion" : "fuel");
            double usd = Spread(FraudFigures.GeographicalUsd);
            double part = (i + 0.2 + (0.8 * Unit())) / purchases;
            long time = startMs + (long)(part * hours * Timeline.HourMs);
            rows.Add(new(time, victim, PickMerchant(abroad, category), abroad, there, pricing.Price(usd, abroad, category, Next()), FraudRule.GeographicalAnomaly, episode, -1));
        }
    }

    private void WriteSpree(long startMs, List<EpisodeRow> rows)
    {
        (long person, Market market) = PickVictim();
        ulong personKey = population.KeyOf(person);
        int city = population.CityAt(personKey, market, startMs);
        bool remote = city == Population.OnTheWay || Chance(FraudFigures.SpreeRemote);
        int country = remote ? market.Country.Index : Atlas.Instance.Cities[city].Country.Index;
        int purchases = Count(FraudFigures.SpreeCount);
        long time = startMs;
        for (int i = 0; i < purchases; i++)
        {
            Category category = Find(Chance(0.5) ? "fashion" : Chance(0.5) ? "home" : "electronics");
            double usd = FraudFigures.SpreeFactor * category.PickAmount(Next(), Math.Min(FraudFigures.SpreeSpending, Population.SpendingOf(personKey)));
            rows.Add(new(time, person, PickMerchant(country, category), country, remote ? -1 : city, pricing.Price(usd, country, category, Next()), FraudRule.None, 0, -1));
            time += Gap(FraudFigures.SpreeGapMs);
        }
    }

    private void WriteTinyPayments(long startMs, List<EpisodeRow> rows)
    {
        (long person, Market market) = PickVictim();
        int country = market.Country.Index;
        Category category = Find("digital");
        int merchant = PickMerchant(country, category);
        int purchases = Count(FraudFigures.TinyRunCount);
        long time = startMs;
        for (int i = 0; i < purchases; i++)
        {
            double usd = Amount(FraudFigures.TinyRunUsd);
            rows.Add(new(time, person, merchant, country, -1, pricing.Price(usd, country, category, Next()), FraudRule.None, 0, -1));
            time += Gap(FraudFigures.TinyRunGapMs);
        }
    }

    private static Category Find(string name) => Array.Find(Category.All, category => category.Name == name)!;

    private ulong Next() => Draw.Bits(_key, _draws++);

    private double Unit() => Draw.Unit(Next());

    private bool Chance(double probability) => Unit() < probability;

    private long Between(long min, long max) => min + (long)Draw.Below(Next(), (ulong)(max - min));

    private long Gap((long Min, long Max) bounds) => Between(bounds.Min, bounds.Max);

    private double Amount((double Least, double Most) bounds) => bounds.Least + ((bounds.Most - bounds.Least) * Unit());

    // Around the middle of two uniform logarithms: between log-normal and bounded.
    private double Spread((double Least, double First, double Second) figure) =>
        figure.Least * WorldMath.Exp((figure.First * Unit()) + (figure.Second * Unit()));

    private int Count((int Min, int Max) bounds) => (int)Between(bounds.Min, bounds.Max + 1);

    private (long Person, Market Market) PickVictim()
    {
        int market = _markets.Pick(Next());
        return (population.PickActive(market, Next()), population.Markets[market]);
    }

    private int IndexOf(Market market) => population.MarketOf(market.FirstPerson);

    // A person of the country, or of any when chance finds none there within some tries.
    private long PickCard(int country)
    {
        (long person, Market market) = PickVictim();
        for (int i = 0; i < 24 && market.Country.Index != country; i++)
        {
            (person, market) = PickVictim();
        }

        return person;
    }

    private int PickMerchant(int country, Category category) => catalogue.Find(country, category, category.PickRank(Next()));

    private int PickForeignCountry(int home)
    {
        int country = home;
        while (country == home)
        {
            country = (int)Draw.Below(Next(), (ulong)Atlas.Instance.Countries.Count);
        }

        return country;
    }

    private int PickForeignCity(int home)
    {
        IReadOnlyList<City> cities = Atlas.Instance.Countries[PickForeignCountry(home)].Cities;
        return cities[(int)Draw.Below(Next(), (ulong)cities.Count)].Index;
    }
}
