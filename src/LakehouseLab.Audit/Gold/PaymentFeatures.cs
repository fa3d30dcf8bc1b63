namespace LakehouseLab.Audit.Gold;

/// <summary>Makes the rows of gold.fraud_features: of every payment its key, of the sampled users' all. Not thread-safe.</summary>
internal sealed class PaymentFeatures(IExpectedRows output, ICellTexts texts, TextIndex merchants, TextIndex places, UsdRates rates)
{
    private const int MerchantReach = 10;
    private const long ReachSeconds = 30 * 86_400;

    private readonly List<Payment> _simultaneous = [];
    private readonly Dictionary<long, CardHistory> _cards = [];
    private readonly Calendar _calendar = new();
    private readonly Cell[] _cells = new Cell[14];
    private long[] _merchantSeconds = [];
    private int[] _merchantPayments = [];

    /// <summary>Adds payments.</summary>
    public void Add(PaymentColumns columns, bool labels, int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            Payment payment = new(
                columns.Ids.High[row], columns.Ids.Low[row], columns.Users[row], columns.Instants[row], merchants.Canonical(columns.Merchants.Indices[row]),
                columns.Currencies.Indices[row], columns.Places.Indices[row], columns.AmountOf(row), labels ? columns.Frauds[row] : null);
            if (_simultaneous.Count > 0 && _simultaneous[0].Milliseconds != payment.Milliseconds)
            {
                Complete();
            }

            _simultaneous.Add(payment);
        }
    }

    /// <summary>Hands on the last payments.</summary>
    public void Complete()
    {
        // What happened at the same instant is in order of ids.
        if (_simultaneous.Count > 1)
        {
            _simultaneous.Sort(static (left, right) => left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low));
        }

        foreach (Payment payment in _simultaneous)
        {
            Emit(payment, SinceTenth(payment));
        }

        _simultaneous.Clear();
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
        int day = Calendar.DayOf(payment.Milliseconds);
        int month = _calendar.MonthOf(day);
        _cells[0] = Cell.Of(month);
        _cells[1] = Cell.Of(payment.High, payment.Low);
        _cells[2] = Cell.Of(payment.User);
        if (!GoldTable.IsSampled(payment.User))
        {
            output.Add(month, _cells.AsSpan(0, 3), texts);
            return;
        }

        if (!_cards.TryGetValue(payment.User, out CardHistory? card))
        {
            card = new CardHistory(rates);
            _cards.Add(payment.User, card);
        }

        card.BeginDay(day);
        string place = places.TextOf(payment.Place);
        string country = place[^2..];
        long? previous = Within(payment.Second - card.SecondBefore(1));
        _cells[3] = Cell.Of(payment.Milliseconds * 1000);
        _cells[4] = merchants.CellOf(payment.Merchant);
        _cells[5] = Cell.Of(rates.CentsOf(payment.Currency, payment.Amount));
        _cells[6] = Cell.Of(place.StartsWith("Online, ", StringComparison.Ordinal) ? 1 : 0);
        _cells[7] = previous is null ? Cell.Null : Cell.Of(card.Country != country ? 1 : 0);
        _cells[8] = Cell.Of(previous);
        _cells[9] = Cell.Of(Within(payment.Second - card.SecondBefore(3)));
        _cells[10] = Cell.Of(card.RecentPayments);
        _cells[11] = Cell.Of(card.RecentCents);
        _cells[12] = Cell.Of(sinceTenth);
        _cells[13] = payment.Fraud is { } fraud ? Cell.Of(fraud ? 1 : 0) : Cell.Null;
        output.Add(month, _cells, texts);
        card.Add(payment.Second, country, payment.Currency, payment.Amount);
    }

    private readonly record struct Payment(
        ulong High, ulong Low, long User, long Milliseconds, int Merchant, int Currency, int Place, long Amount, bool? Fraud)
    {
        public long Second => Milliseconds / 1000;
    }
}
