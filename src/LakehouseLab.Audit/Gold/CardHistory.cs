namespace LakehouseLab.Audit.Gold;

/// <summary>What fraud_features looks back on in a card's payments. Not thread-safe.</summary>
internal sealed class CardHistory(UsdRates rates)
{
    private const int ReachDays = 30;

    // Long before any world, so that what never was lies out of reach.
    private const long Never = long.MinValue / 2;

    private readonly long[] _seconds = [Never, Never, Never];
    private readonly Queue<(int Day, long Payments, long Cents)> _days = [];
    private readonly Dictionary<int, long> _today = [];
    private long _paymentsToday;
    private int _day = int.MinValue;

    /// <summary>Country of the payment before; null when there is none.</summary>
    public string? Country { get; private set; }

    /// <summary>Payments in the 30 days before this one.</summary>
    public long RecentPayments { get; private set; }

    /// <summary>Their sum in US cents, each day's and currency's rounded.</summary>
    public long RecentCents { get; private set; }

    /// <summary>The second of a payment before, far in the past when there is none.</summary>
    /// <param name="payments">How many payments before: 1 to 3.</param>
    public long SecondBefore(int payments) => _seconds[payments - 1];

    /// <summary>Turns to a day.</summary>
    public void BeginDay(int day)
    {
        if (day == _day)
        {
            return;
        }

        if (_paymentsToday > 0)
        {
            _days.Enqueue((_day, _paymentsToday, _today.Sum(spent => rates.CentsOf(spent.Key, spent.Value))));
            _today.Clear();
            _paymentsToday = 0;
        }

        while (_days.TryPeek(out (int Day, long Payments, long Cents) oldest) && oldest.Day < day - ReachDays)
        {
            _days.Dequeue();
        }

        RecentPayments = _days.Sum(past => past.Payments);
        RecentCents = _days.Sum(past => past.Cents);
        _day = day;
    }

    /// <summary>Adds a payment of the day.</summary>
    public void Add(long second, string country, int currency, long amount)
    {
        (_seconds[2], _seconds[1], _seconds[0]) = (_seconds[1], _seconds[0], second);
        Country = country;
        _today[currency] = _today.GetValueOrDefault(currency) + amount;
        _paymentsToday++;
    }
}
