using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Gold;

/// <summary>The audits of all tables that are made from many records, and what they see of each domain's rows.</summary>
internal sealed class GoldTables
{
    /// <summary>Longer than any feature looks back, so that the rows of a month need no payment before.</summary>
    public const long LookbackMs = 32 * Calendar.DayMs;

    private readonly EmulatedWorld _world;
    private readonly Dictionary<string, DomainRanges> _domains;
    private readonly Dictionary<string, IRowObserver> _observers;

    /// <summary>The tables.</summary>
    public static IReadOnlyList<GoldTable> All { get; } =
    [
        GoldTable.TransactionsDaily, GoldTable.UserProfiles, GoldTable.DailySpend, GoldTable.MerchantPerformance, GoldTable.DeviceActivity,
        GoldTable.Customer360, GoldTable.FraudFeatures, GoldTable.FxRates,
    ];

    /// <summary>Prepares the audits.</summary>
    /// <param name="store">The lake's objects.</param>
    /// <param name="world">The lake's world.</param>
    /// <param name="domains">The delivered rows.</param>
    /// <param name="wants">Whether a layer is audited.</param>
    /// <param name="sample">Of whom all values of gold.fraud_features are compared.</param>
    /// <param name="progress">Is told how far the reading is.</param>
    public GoldTables(IObjectStore store, EmulatedWorld world, IReadOnlyList<DomainRanges> domains, Func<AuditLayer, bool> wants, UserSample sample, IProgress<AuditProgress>? progress)
    {
        _world = world;
        _domains = domains.ToDictionary(ranges => ranges.Schema.Domain);
        PaymentTotals payments = new();
        DeviceTotals devices = new();
        PresentProfiles profiles = new(world);

        GoldPart daily = Part(GoldTable.TransactionsDaily, (month, output, token) => MakePaymentsAsync(month, 0, new PaymentOutputs(Daily: output), token));
        GoldPart spend = Part(GoldTable.DailySpend, (month, output, token) => MakePaymentsAsync(month, 0, new PaymentOutputs(Spend: output), token));
        GoldPart merchants = Part(GoldTable.MerchantPerformance, (month, output, token) => MakePaymentsAsync(month, 0, new PaymentOutputs(Merchants: output), token));
        GoldPart features = Part(GoldTable.FraudFeatures, (month, output, token) => MakePaymentsAsync(month, LookbackMs, new PaymentOutputs(Features: output) { Sample = sample }, token));
        GoldPart activity = Part(GoldTable.DeviceActivity, (month, output, token) => MakeAsync(DomainSchemas.DeviceLog, month, 0, new DeviceAggregates(output, null), token));
        bool gold = wants(AuditLayer.Gold);
        PaymentAggregates aggregates = new(new PaymentOutputs(
            wants(AuditLayer.Silver) ? daily.Expected : null, gold ? spend.Expected : null, gold ? merchants.Expected : null, gold ? features.Expected : null, gold ? payments : null) { Sample = sample });
        CustomerRows customers = new(profiles, payments, devices, () => aggregates.Rates);
        GoldPart present = AfterPasses(GoldTable.UserProfiles, customers.MakeProfiles);
        GoldPart overview = AfterPasses(GoldTable.Customer360, customers.MakeCustomers);
        GoldPart exchange = AfterPasses(GoldTable.FxRates, MakeRates);

        Parts = [.. ((GoldPart[])[daily, present, spend, merchants, activity, overview, features, exchange]).Where(part => wants(part.Layer))];
        _observers = new Dictionary<string, IRowObserver>
        {
            [DomainSchemas.Transaction.Domain] = aggregates,
            [DomainSchemas.UserProfile.Domain] = profiles,
        };
        if (gold)
        {
            _observers[DomainSchemas.DeviceLog.Domain] = new DeviceAggregates(activity.Expected, devices);
        }

        GoldPart Part(GoldTable table, MakeRows make) => new(table, sample, store, make, isMadeByPass: true, progress);

        GoldPart AfterPasses(GoldTable table, Action<IExpectedRows> make) => new(
            table,
            sample,
            store,
            (_, output, _) =>
            {
                make(output);
                return Task.CompletedTask;
            },
            isMadeByPass: false,
            progress);
    }

    /// <summary>The audits of the wanted layers.</summary>
    public IReadOnlyList<GoldPart> Parts { get; }

    /// <summary>Leaves out what rows touch that the tables have not ingested.</summary>
    public void Wait(WaitingRows waiting)
    {
        foreach (GoldPart part in Parts)
        {
            part.Waiting = _domains.Values
                .SelectMany(domain => TouchedMonths.Of(part.Table, _world.CreateFactory(domain.Schema), _world.Settings.Start, waiting.Of(part.Tally.Name, domain.Schema)))
                .ToHashSet();
        }
    }

    /// <summary>The months that are left out of a table, as first days.</summary>
    public static IReadOnlyList<DateOnly> MonthsOf(IAuditPart part) =>
        part is GoldPart { Table.IsMonthly: true } gold ? [.. gold.Waiting.Order().Select(day => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day))] : [];

    /// <summary>What sees a domain's rows; null when nothing needs to.</summary>
    public IRowObserver? ObserverOf(DomainSchema schema) => _observers.GetValueOrDefault(schema.Domain);

    private static void MakeRates(IExpectedRows output)
    {
        CellTexts texts = new();
        Cell[] cells = new Cell[3];
        foreach (ExchangeRate rate in ExchangeRates.All)
        {
            texts.Clear();
            cells[0] = texts.CellOf(rate.Currency);
            cells[1] = Cell.Of(rate.Decimals);
            cells[2] = Cell.Of(rate.UsdRateUnits);
            output.Add(0, cells, texts);
        }
    }

    private Task MakePaymentsAsync(int month, long lookbackMs, PaymentOutputs outputs, CancellationToken cancellationToken) =>
        MakeAsync(DomainSchemas.Transaction, month, lookbackMs, new PaymentAggregates(outputs), cancellationToken);

    private Task MakeAsync(DomainSchema schema, int month, long lookbackMs, IRowObserver observer, CancellationToken cancellationToken)
    {
        IDataFactory factory = _world.CreateFactory(schema);
        long first = factory.CountBefore((month * Calendar.DayMs) - lookbackMs);
        long end = factory.CountBefore(Calendar.NextMonth(month) * Calendar.DayMs);
        return new WorldPass(_world, _domains[schema.Domain], [observer], null).RunAsync(first, end, cancellationToken);
    }
}
