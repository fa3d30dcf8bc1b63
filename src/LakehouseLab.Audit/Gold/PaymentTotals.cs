namespace LakehouseLab.Audit.Gold;

/// <summary>What customer_360 says about people's payments. Not thread-safe.</summary>
internal sealed class PaymentTotals
{
    // By number: people are numbered without gaps.
    private Person[] _people = [];
    private readonly Groups<long> _amounts = new();
    private readonly KeySet _merchants = new();

    /// <summary>Prepares for a key that is added soon.</summary>
    public void Prefetch(ulong key)
    {
        _merchants.Prefetch(MerchantKeyOf(key));
        _amounts.Prefetch(AmountKeyOf(key));
    }

    /// <summary>Adds what a person spent on a day at a merchant.</summary>
    public void AddDay(int day, ulong key, in DayGroup group)
    {
        long user = DayGroup.UserOf(key);
        ref Person person = ref PersonOf(user);
        if (person.Payments == 0)
        {
            person.FirstDay = day;
        }

        person.ActiveDays += person.Payments == 0 || person.LastDay != day ? 1 : 0;
        person.LastDay = day;
        person.Payments += group.Payments;
        person.Merchants += _merchants.Add(MerchantKeyOf(key)) ? 1 : 0;
        _amounts[AmountKeyOf(key)] += group.Amount;
    }

    /// <summary>The people who paid, each with the sum of all amounts in US cents.</summary>
    /// <param name="rates">Converts each currency's sum.</param>
    public Dictionary<long, (Person Person, long Cents)> Complete(UsdRates rates)
    {
        Dictionary<long, (Person Person, long Cents)> people = new(_people.Count(person => person.Payments > 0));
        for (int user = 0; user < _people.Length; user++)
        {
            if (_people[user].Payments > 0)
            {
                people[user] = (_people[user], 0);
            }
        }

        for (int i = 0; i < _amounts.Count; i++)
        {
            long amount = _amounts.At(i, out ulong key);
            (Person person, long cents) = people[DayGroup.UserOf(key)];
            people[DayGroup.UserOf(key)] = (person, cents + rates.CentsOf(DayGroup.CurrencyOf(key), amount));
        }

        return people;
    }

    private ref Person PersonOf(long user)
    {
        if (user >= _people.Length)
        {
            Array.Resize(ref _people, checked((int)Math.Max(user + 1, _people.Length * 2L)));
        }

        return ref _people[user];
    }

    private static ulong MerchantKeyOf(ulong key) => DayGroup.KeyOf(DayGroup.UserOf(key), DayGroup.MerchantOf(key), 0);

    private static ulong AmountKeyOf(ulong key) => DayGroup.KeyOf(DayGroup.UserOf(key), 0, DayGroup.CurrencyOf(key));

    /// <summary>A person's payments.</summary>
    internal struct Person
    {
        public long Payments;
        public long Merchants;
        public int ActiveDays;
        public int FirstDay;
        public int LastDay;
    }
}
