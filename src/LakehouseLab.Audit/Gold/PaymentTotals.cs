namespace LakehouseLab.Audit.Gold;

/// <summary>What customer_360 says about people's payments. Not thread-safe.</summary>
internal sealed class PaymentTotals
{
    private readonly Groups<Person> _people = new();
    private readonly Groups<long> _amounts = new();
    private readonly KeySet _merchants = new();

    /// <summary>Prepares for a key that is added soon.</summary>
    public void Prefetch(ulong key) => _merchants.Prefetch(MerchantKeyOf(key));

    /// <summary>Adds what a person spent on a day at a merchant.</summary>
    public void AddDay(int day, ulong key, in DayGroup group)
    {
        long user = DayGroup.UserOf(key);
        ref Person person = ref _people[(ulong)user];
        if (person.Payments == 0)
        {
            person.FirstDay = day;
        }

        person.ActiveDays += person.Payments == 0 || person.LastDay != day ? 1 : 0;
        person.LastDay = day;
        person.Payments += group.Payments;
        person.Merchants += _merchants.Add(MerchantKeyOf(key)) ? 1 : 0;
        _amounts[DayGroup.KeyOf(user, 0, DayGroup.CurrencyOf(key))] += group.Amount;
    }

    /// <summary>The people who paid, each with the sum of all amounts in US cents.</summary>
    /// <param name="rates">Converts each currency's sum.</param>
    public Dictionary<long, (Person Person, long Cents)> Complete(UsdRates rates)
    {
        Dictionary<long, (Person Person, long Cents)> people = [];
        for (int i = 0; i < _people.Count; i++)
        {
            Person person = _people.At(i, out ulong user);
            people[(long)user] = (person, 0);
        }

        for (int i = 0; i < _amounts.Count; i++)
        {
            long amount = _amounts.At(i, out ulong key);
            (Person person, long cents) = people[DayGroup.UserOf(key)];
            people[DayGroup.UserOf(key)] = (person, cents + rates.CentsOf(DayGroup.CurrencyOf(key), amount));
        }

        return people;
    }

    private static ulong MerchantKeyOf(ulong key) => DayGroup.KeyOf(DayGroup.UserOf(key), DayGroup.MerchantOf(key), 0);

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
