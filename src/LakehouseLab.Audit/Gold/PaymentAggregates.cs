using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.World.Domains.Transactions;

namespace LakehouseLab.Audit.Gold;

/// <summary>
/// Makes the rows of the tables that sum up payments. Payments come in order of time, so what is of a day or a month is
/// handed on and forgotten with its last payment. Not thread-safe.
/// </summary>
internal sealed class PaymentAggregates(PaymentOutputs outputs) : IRowObserver
{
    // Groups by which memory is asked for before it is needed: the sets of pairs do not fit in a processor's cache.
    private const int Ahead = 8;

    // Merchant and currency of a group's key.
    private const ulong MerchantBits = 0xFFFF_FFFF;

    private readonly Groups<DayGroup> _groups = new();
    private readonly Groups<Spending> _spending = new();
    private readonly Groups<MerchantMonth> _merchants = new();
    private readonly KeySet _customers = new();
    private readonly Calendar _calendar = new();
    private readonly Cell[] _cells = new Cell[10];
    private readonly CellTexts _texts = new();
    private PaymentFeatures? _features;
    private TextIndex? _currencyTexts;
    private TextIndex? _merchantTexts;
    private int _day = int.MinValue;
    private int _month = int.MinValue;

    /// <inheritdoc/>
    public bool NeedsLines => false;

    /// <summary>Converts the currencies of the payments seen; null before the first.</summary>
    public UsdRates? Rates { get; private set; }

    /// <inheritdoc/>
    public ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        PaymentColumns columns = new(new TransactionColumns(block.Batch));
        if (_currencyTexts is null || _merchantTexts is null || Rates is null)
        {
            _texts.Use("currency", _currencyTexts = new TextIndex(columns.Currencies.Dictionary));
            _texts.Use("merchant", _merchantTexts = new TextIndex(columns.Merchants.Dictionary));
            Rates = new UsdRates(_currencyTexts);
        }

        if (outputs.Features is not null)
        {
            _features ??= new PaymentFeatures(outputs.Features, _texts, _merchantTexts, new PlaceIndex(columns.Places.Dictionary), Rates, outputs.Sample);
        }

        for (int end = first + count; first < end;)
        {
            int day = Calendar.DayOf(columns.Instants[first]);
            if (day != _day)
            {
                CloseDay();
                _day = day;
                _features?.BeginDay(day, _calendar.MonthOf(day));
            }

            int rows = CountOfDay(columns.Instants.AsSpan(first, end - first), day);
            _features?.Add(columns, range.Manifest.Labels, first, rows);
            if (outputs.NeedsDays)
            {
                Group(columns, range.Manifest.Labels, first, rows);
            }

            first += rows;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        CloseDay();
        CloseMonth();
    }

    private static int CountOfDay(ReadOnlySpan<long> instants, int day)
    {
        // Payments come in order, and mostly all of them are of the day.
        int count = instants.Length;
        while (Calendar.DayOf(instants[count - 1]) != day)
        {
            count--;
        }

        return count;
    }

    private void Group(PaymentColumns columns, bool labels, int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            if (row + Ahead < first + count)
            {
                _groups.Prefetch(KeyOf(columns, row + Ahead));
            }

            if (outputs.People is { } people && !people.Takes(columns.Users[row]))
            {
                continue;
            }

            _groups[KeyOf(columns, row)].Add(columns.AmountOf(row), labels ? columns.Frauds[row] : null);
        }
    }

    private ulong KeyOf(PaymentColumns columns, int row) =>
        DayGroup.KeyOf(columns.Users[row], _merchantTexts!.Canonical(columns.Merchants.Indices[row]), columns.Currencies.Indices[row]);

    private void CloseDay()
    {
        _features?.Flush();
        if (_groups.Count == 0)
        {
            return;
        }

        int month = _calendar.MonthOf(_day);
        if (month != _month)
        {
            CloseMonth();
            _month = month;
        }

        for (int i = 0; i < _groups.Count; i++)
        {
            if (i + Ahead < _groups.Count)
            {
                ulong soon = _groups.KeyOf(i + Ahead);
                outputs.Totals?.Prefetch(soon);
                _merchants.Prefetch(soon & MerchantBits);
                _customers.Prefetch(CustomerKeyOf(soon));
            }

            ref DayGroup group = ref _groups.At(i, out ulong key);
            EmitDaily(key, group);
            outputs.Totals?.AddDay(_day, key, group);
            if (outputs.Spend is not null || _features is not null)
            {
                ref Spending spending = ref _spending[DayGroup.KeyOf(DayGroup.UserOf(key), 0, DayGroup.CurrencyOf(key))];
                spending.Sum.Add(group);
                spending.Merchants++;
            }

            if (outputs.Merchants is not null)
            {
                AddToMerchant(key, group);
            }
        }

        EmitSpending();
        _features?.EndDay(_day);
        _groups.Clear();
    }

    private void EmitDaily(ulong key, in DayGroup group)
    {
        if (outputs.Daily is not null)
        {
            SetDay(key);
            _cells[3] = _merchantTexts!.CellOf(DayGroup.MerchantOf(key));
            _cells[4] = _currencyTexts!.CellOf(DayGroup.CurrencyOf(key));
            SetSums(5, group);
            _cells[8] = group.Labelled == 0 ? Cell.Null : Cell.Of(group.Frauds);
            _cells[9] = group.Labelled == 0 ? Cell.Null : Cell.Of(group.FraudAmount);
            outputs.Daily.Add(_month, _cells, _texts);
        }
    }

    private void EmitSpending()
    {
        for (int i = 0; i < _spending.Count; i++)
        {
            ref Spending spending = ref _spending.At(i, out ulong key);
            _features?.AddSpending(DayGroup.UserOf(key), DayGroup.CurrencyOf(key), spending.Sum);
            if (outputs.Spend is null)
            {
                continue;
            }

            SetDay(key);
            _cells[3] = _currencyTexts!.CellOf(DayGroup.CurrencyOf(key));
            SetSums(4, spending.Sum);
            _cells[7] = Cell.Of(spending.Merchants);
            outputs.Spend.Add(_month, _cells.AsSpan(0, 8), _texts);
        }

        _spending.Clear();
    }

    private void AddToMerchant(ulong key, in DayGroup group)
    {
        ref MerchantMonth sums = ref _merchants[key & MerchantBits];
        sums.ActiveDays += sums.Sum.Payments == 0 || sums.LastDay != _day ? 1 : 0;
        sums.LastDay = _day;
        sums.Sum.Add(group);
        sums.Customers += _customers.Add(CustomerKeyOf(key)) ? 1 : 0;
    }

    private static ulong CustomerKeyOf(ulong key) => (key << 32) | (ulong)DayGroup.UserOf(key);

    private void CloseMonth()
    {
        for (int i = 0; i < _merchants.Count; i++)
        {
            ref MerchantMonth sums = ref _merchants.At(i, out ulong key);
            _cells[0] = Cell.Of(_month);
            _cells[1] = _merchantTexts!.CellOf(DayGroup.MerchantOf(key));
            _cells[2] = _currencyTexts!.CellOf(DayGroup.CurrencyOf(key));
            _cells[3] = Cell.Of(sums.Sum.Payments);
            _cells[4] = Cell.Of(sums.Sum.Amount);
            _cells[5] = Cell.Of(sums.Customers);
            _cells[6] = Cell.Of(sums.ActiveDays);
            bool known = sums.Sum.Labelled > 0;
            _cells[7] = known ? Cell.Of(sums.Sum.Frauds) : Cell.Null;
            _cells[8] = known ? Cell.Of(sums.Sum.FraudAmount) : Cell.Null;
            _cells[9] = known ? Cell.Of(((2_000_000 * sums.Sum.Frauds) + sums.Sum.Payments) / (2 * sums.Sum.Payments)) : Cell.Null;
            outputs.Merchants!.Add(_month, _cells, _texts);
        }

        _merchants.Clear();
        _customers.Clear();
    }

    private void SetDay(ulong key)
    {
        _cells[0] = Cell.Of(_month);
        _cells[1] = Cell.Of(_day);
        _cells[2] = Cell.Of(DayGroup.UserOf(key));
    }

    private void SetSums(int at, in DayGroup group)
    {
        _cells[at] = Cell.Of(group.Payments);
        _cells[at + 1] = Cell.Of(group.Amount);
        _cells[at + 2] = Cell.Of(group.Largest);
    }

    private struct Spending
    {
        public DayGroup Sum;
        public long Merchants;
    }

    private struct MerchantMonth
    {
        public DayGroup Sum;
        public long Customers;
        public long ActiveDays;
        public int LastDay;
    }
}
