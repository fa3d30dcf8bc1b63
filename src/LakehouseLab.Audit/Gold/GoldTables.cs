using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Devices;
using LakehouseLab.World.Domains.Profiles;
using LakehouseLab.World.Domains.Transactions;
using LakehouseLab.World.Geography;

namespace LakehouseLab.Audit.Gold;

/// <summary>The audits of all tables that are made from many records, and what they see of each domain's rows.</summary>
internal sealed class GoldTables
{
    // Longer than any feature looks back, so that the rows of a month need no payment before.
    private const long LookbackMs = 32 * Calendar.DayMs;

    private readonly EmulatedWorld _world;
    private readonly Dictionary<Domain, DomainRanges> _domains;
    private readonly Dictionary<Domain, IRowObserver> _observers = [];
    private readonly List<Func<CancellationToken, Task>> _passes = [];

    /// <summary>Prepares the audits.</summary>
    /// <param name="store">The lake's objects.</param>
    /// <param name="declared">What the tables are declared with.</param>
    /// <param name="world">The lake's world.</param>
    /// <param name="domains">The delivered rows.</param>
    /// <param name="wants">Whether a layer is audited.</param>
    /// <param name="sample">Of whom all values of gold.fraud_features are compared.</param>
    /// <param name="shard">Whose months and people are made, by passes of its own; null for all, by one pass over each domain's rows.</param>
    /// <param name="progress">Is told how far the reading is.</param>
    public GoldTables(
        IObjectStore store, DeclaredTables declared, EmulatedWorld world, IReadOnlyList<DomainRanges> domains, Func<AuditLayer, bool> wants, UserSample sample, Shard? shard, IProgress<AuditProgress>? progress)
    {
        _world = world;
        _domains = domains.ToDictionary(ranges => ranges.Domain);
        bool gold = wants(AuditLayer.Gold);
        PersonTotals persons = new(world, _domains, shard, all: gold);
        GoldPart daily = Part(Table("silver.transactions_daily", "day"), (month, output, token) => MakePaymentsAsync(month, 0, new PaymentOutputs(Daily: output), token));
        GoldPart spend = Part(Table("gold.daily_spend", "day"), (month, output, token) => MakePaymentsAsync(month, 0, new PaymentOutputs(Spend: output), token));
        GoldPart merchants = Part(Table("gold.merchant_performance"), (month, output, token) => MakePaymentsAsync(month, 0, new PaymentOutputs(Merchants: output), token));
        GoldPart features = Part(
            Table("gold.fraud_features", "timestamp", "transaction_id") with { SampledAfter = 1, LookbackMs = LookbackMs },
            (month, output, token) => MakePaymentsAsync(month, LookbackMs, new PaymentOutputs(Features: output) { Sample = sample }, token));
        GoldPart activity = Part(Table("gold.device_activity", "first_login", "device_id"), (month, output, token) => MakeAsync(Domain.Of<DeviceLogDomain>(), month, 0, new DeviceAggregates(output, null), token));
        GoldTable people = Table("silver.user_profiles");
        GoldTable overview = Table("gold.customer_360");
        CustomerRows customers = new(people, overview, persons);
        GoldPart present = AfterPasses(people, customers.MakeProfiles);
        GoldPart customer = AfterPasses(overview, customers.MakeCustomers);
        GoldPart exchange = AfterPasses(Table("reference.fx_rates"), MakeRates);
        Parts = [.. ((GoldPart[])[daily, present, spend, merchants, activity, customer, features, exchange]).Where(part => wants(part.Layer))];
        PaymentOutputs monthly = new(
            wants(AuditLayer.Silver) ? daily.Expected : null, gold ? spend.Expected : null, gold ? merchants.Expected : null, gold ? features.Expected : null) { Sample = sample };
        if (shard is { } own)
        {
            PassMonths(own, monthly, gold ? activity.Expected : null);
            _passes.Add(persons.SeeAsync);
        }
        else
        {
            PaymentAggregates aggregates = new(monthly with { Totals = gold ? persons.Payments : null });
            persons.Rates = () => aggregates.Rates;
            _observers[Domain.Of<TransactionDomain>()] = aggregates;
            _observers[Domain.Of<UserProfileDomain>()] = persons.Profiles;
            if (gold)
            {
                _observers[Domain.Of<DeviceLogDomain>()] = new DeviceAggregates(activity.Expected, persons.Devices);
            }
        }

        // What no layer is named after is told with Gold, which uses it.
        GoldTable Table(string name, string? monthOf = null, string? uuid = null) =>
            GoldTable.Of(name.StartsWith("silver.", StringComparison.Ordinal) ? AuditLayer.Silver : AuditLayer.Gold, declared.Find(name), monthOf, uuid);

        GoldPart Part(GoldTable table, MakeRows make) => new(table, sample, store, make, isMadeByPass: true, shard ?? ShardShare.Whole, progress);

        GoldPart AfterPasses(GoldTable table, Action<IExpectedRows> make) => new(
            table,
            sample,
            store,
            async (_, output, token) =>
            {
                await persons.SeeAsync(token).ConfigureAwait(false);
                make(output);
            },
            isMadeByPass: false,
            shard ?? ShardShare.Whole,
            progress);

        // They are few, and the first shard has them all.
        void MakeRates(IExpectedRows output)
        {
            if (shard is null or { Number: 1 })
            {
                GoldTables.MakeRates(output);
            }
        }
    }

    /// <summary>The audits of the wanted layers.</summary>
    public IReadOnlyList<GoldPart> Parts { get; }

    /// <summary>Leaves out what rows touch that the tables have not ingested.</summary>
    public void Wait(WaitingRows waiting)
    {
        foreach (GoldPart part in Parts)
        {
            part.Waiting = _domains.Values
                .SelectMany(ranges => TouchedMonths.Of(part.Table, _world.CreateFactory(ranges.Domain), _world.Settings.Start, waiting.Of(part.Tally.Name, ranges.Domain)))
                .ToHashSet();
        }
    }

    /// <summary>The months that are left out of a table, as first days.</summary>
    public static IReadOnlyList<DateOnly> MonthsOf(IAuditPart part) =>
        part is GoldPart { Table.IsMonthly: true } gold ? [.. gold.Waiting.Order().Select(day => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day))] : [];

    /// <summary>The passes over the world's rows that a shard makes for these tables alone.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Passes => _passes;

    /// <summary>What sees all of a domain's rows; null when nothing needs to.</summary>
    public IRowObserver? ObserverOf(Domain domain) => _observers.GetValueOrDefault(domain);

    private void PassMonths(Shard shard, PaymentOutputs outputs, IExpectedRows? activity)
    {
        MonthShare payments = ShareOf(Domain.Of<TransactionDomain>(), shard, outputs.Features is null ? 0 : LookbackMs);
        PaymentAggregates aggregates = new(outputs with
        {
            Daily = payments.Of(outputs.Daily), Spend = payments.Of(outputs.Spend), Merchants = payments.Of(outputs.Merchants), Features = payments.Of(outputs.Features),
        });
        _passes.Add(token => PassAsync(Domain.Of<TransactionDomain>(), aggregates, payments.Rows, token));
        if (activity is not null)
        {
            MonthShare sessions = ShareOf(Domain.Of<DeviceLogDomain>(), shard, 0);
            DeviceAggregates devices = new(sessions.Of(activity), null);
            _passes.Add(token => PassAsync(Domain.Of<DeviceLogDomain>(), devices, sessions.Rows, token));
        }
    }

    private MonthShare ShareOf(Domain domain, Shard shard, long lookbackMs) => new(_domains[domain], _world.CreateFactory(domain), _world.Settings.Start, shard, lookbackMs);

    private Task PassAsync(Domain domain, IRowObserver observer, RowRange rows, CancellationToken cancellationToken) =>
        new WorldPass(_world, _domains[domain], [observer], null).RunAsync(rows.FirstRow, rows.EndRow, cancellationToken);

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
        MakeAsync(Domain.Of<TransactionDomain>(), month, lookbackMs, new PaymentAggregates(outputs), cancellationToken);

    private Task MakeAsync(Domain domain, int month, long lookbackMs, IRowObserver observer, CancellationToken cancellationToken)
    {
        IDataFactory factory = _world.CreateFactory(domain);
        long first = factory.CountBefore((month * Calendar.DayMs) - lookbackMs);
        long end = factory.CountBefore(Calendar.NextMonth(month) * Calendar.DayMs);
        return PassAsync(domain, observer, new RowRange(first, end), cancellationToken);
    }
}
