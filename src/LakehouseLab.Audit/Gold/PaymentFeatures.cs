namespace LakehouseLab.Audit.Gold;

/// <summary>Makes the rows of gold.fraud_features: of every payment its key, of the sampled users' all. Not thread-safe.</summary>
internal sealed class PaymentFeatures(IExpectedRows output, ICellTexts texts, TextIndex merchants, PlaceIndex places, UsdRates rates, UserSample sample)
{
    private const int MerchantReach = 10;
    private const long ReachSeconds = 30 * 86_400;

    // Payments by which memory is asked for before it is needed: what is kept of cards and merchants does not fit in a processor's cache.
    private const int Ahead = 8;

    private static readonly Cell[] s_flags = [Cell.Of(0), Cell.Of(1)];

    private readonly List<Payment> _simultaneous = [];
    private readonly CardHistory _cards = new();
    private readonly RecentSpending _spending = new();
    private readonly Cell[] _cells = new Cell[14];
    private long[] _merchantSeconds = [];
    private int[] _merchantPayments = [];
    private int _month;

    /// <summary>Turns to a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="month">First day of its month.</param>
    public void BeginDay(int day, int month)
    {
        _spending.BeginDay(day);
        _month = month;
        _cells[0] = Cell.Of(month);
    }

    /// <summary>Adds payments of the day.</summary>
    public void Add(PaymentColumns columns, bool labels, int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            if (row + Ahead < first + count)
            {
                Prefetch(columns.Users[row + Ahead], merchants.Canonical(columns.Merchants.Indices[row + Ahead]));
            }

            Payment payment = new(
                columns.Ids.High[row], columns.Ids.Low[row], columns.Users[row], columns.Instants[row], merchants.Canonical(columns.Merchants.Indices[row]),
                columns.Currencies.Indices[row], columns.Places.Indices[row], columns.AmountOf(row), labels ? columns.Frauds[row] : null);
            if (_simultaneous.Count > 0 && _simultaneous[0].Milliseconds != payment.Milliseconds)
            {
                Flush();
            }

            _simultaneous.Add(payment);
        }
    }

    /// <summary>Adds to what a card paid on the day in one currency, once all its payments were added.</summary>
    public void AddSpending(long user, int currency, in DayGroup sum)
    {
        if (sample.Includes(user))
        {
            _spending.Add(user, sum.Payments, rates.CentsOf(currency, sum.Amount));
        }
    }

    /// <summary>Ends the day.</summary>
    public void EndDay(int day) => _spending.EndDay(day);

    /// <summary>Hands on the payments of the last instant.</summary>
    public void Flush()
    {
        // What happened at the same instant is in order of ids.
        if (_simultaneous.Count > 1)
        {
            _simultaneous.Sort(static (left, right) => left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low));
        }

        foreach (ref readonly Payment payment in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_simultaneous))
        {
            Emit(payment, SinceTenth(payment));
        }

        _simultaneous.Clear();
    }

    private void Prefetch(long user, int merchant)
    {
        _cards.Prefetch(user);
        _spending.Prefetch(user);
        if (merchant < _merchantPayments.Length)
        {
            CacheLine.Fetch(ref _merchantSeconds[(merchant * MerchantReach) + (_merchantPayments[merchant] % MerchantReach)]);
        }
    }

    private long? SinceTenth(in Payment payment)
    {
        if (payment.Merchant >= _merchantPayments.Length)
        {
            Array.Resize(ref _merchantPayments, merchants.Count);
            Array.Resize(ref _merchantSeconds, merchants.Count * MerchantReach);
        }

        // The slot to be written holds the tenth before this one.
        int before = _merchantPayments[payment.Merchant]++;
        ref long slot = ref _merchantSeconds[(payment.Merchant * MerchantReach) + (before % MerchantReach)];
        long? since = before >= MerchantReach ? Within(payment.Second - slot) : null;
        slot = payment.Second;
        return since;
    }

    private static long? Within(long seconds) => seconds <= ReachSeconds ? seconds : null;

    private void Emit(in Payment payment, long? sinceTenth)
    {
        _cells[1] = Cell.Of(payment.High, payment.Low);
        _cells[2] = Cell.Of(payment.User);
        if (!sample.Includes(payment.User))
        {
            output.Add(_month, _cells.AsSpan(0, 3), texts);
            return;
        }

        ref CardHistory.Card card = ref _cards[payment.User];
        PlaceIndex.Place place = places[payment.Place];
        long? previous = Within(payment.Second - card.Last);
        RecentSpending.Sums recent = _spending[payment.User];
        _cells[3] = Cell.Of(payment.Milliseconds * 1000);
        _cells[4] = merchants.CellOf(payment.Merchant);
        _cells[5] = Cell.Of(rates.CentsOf(payment.Currency, payment.Amount));
        _cells[6] = Flag(place.IsRemote);
        _cells[7] = previous is null ? Cell.Null : Flag(card.Country != place.Country);
        _cells[8] = Cell.Of(previous);
        _cells[9] = Cell.Of(Within(payment.Second - card.Third));
        _cells[10] = Cell.Of(recent.Payments);
        _cells[11] = Cell.Of(recent.Cents);
        _cells[12] = Cell.Of(sinceTenth);
        _cells[13] = payment.Fraud is { } fraud ? Flag(fraud) : Cell.Null;
        output.Add(_month, _cells, texts);
        card.Add(payment.Second, place.Country);
    }

    private static Cell Flag(bool value) => s_flags[value ? 1 : 0];

    private readonly record struct Payment(
        ulong High, ulong Low, long User, long Milliseconds, int Merchant, int Currency, int Place, long Amount, bool? Fraud)
    {
        public long Second => Milliseconds / 1000;
    }
}
