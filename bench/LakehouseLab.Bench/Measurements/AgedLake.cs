using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Flows;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How much longer one new row takes, from emulation to Gold, on a lake with a long history than on a young one.</summary>
internal sealed class AgedLake : Measurement
{
    private const int Commits = 10_000;
    private const string Models = "silver.transactions,silver.transactions_daily,gold.daily_spend";

    // Five weeks of a commit every five minutes: more than a table's log keeps.
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(5);

    public override string Name => "aged";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string young = await MakeAsync(workplace);
        string aged = await MakeAsync(workplace);
        await AgeAsync(await Lake.OpenAsync(aged, cancellationToken), cancellationToken);
        List<double> ofYoung = [];
        List<double> ofAged = [];
        for (int run = 0; run <= workplace.Runs; run++)
        {
            (double one, double other) = (await GrowAsync(young), await GrowAsync(aged));
            if (run > 0)
            {
                ofYoung.Add(one);
                ofAged.Add(other);
            }
        }

        return [new Figure($"one new row after {Commits:#,0} commits of each table ÷ on a young lake", Median(ofAged) / Median(ofYoung), "×", 1.5, 1.1, Better.Less)];
    }

    private static async Task<string> MakeAsync(Workplace workplace)
    {
        string lake = workplace.NewFolder();
        await Lakelab.RunAsync("emulate", "transaction", "--rows", "1000", "--lake", lake, "--quiet");
        await Lakelab.RunAsync("pipeline", "run", "--select", Models, "--lake", lake, "--quiet");
        return lake;
    }

    private static async Task<double> GrowAsync(string lake) =>
        (await Lakelab.RunAsync("emulate", "transaction", "--rows", "1", "--first-row", "next", "--lake", lake, "--quiet")).Seconds
        + (await Lakelab.RunAsync("pipeline", "run", "--select", Models, "--lake", lake, "--quiet")).Seconds;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task AgeAsync(Lake lake, CancellationToken cancellationToken)
    {
        RangeClaims claims = new(lake, "transaction");
        for (int claim = 0; claim < Commits; claim++)
        {
            await claims.ClaimNextAsync(Guid.Empty, 1, cancellationToken);
        }

        SteppingClock clock = new();
        FlowProgress<BronzeInputs> bronze = new(lake, "bronze.transactions", BronzeInputs.Form);
        await AgeAsync(lake, "bronze.transactions", bronze, clock, rewrites: false, (_, batch) => Task.FromResult(ObjectOf(batch, clock)), cancellationToken);
        foreach (string table in Models.Split(','))
        {
            FlowProgress<ModelInputs> flow = new(lake, table, ModelInputs.Form);
            await AgeAsync(lake, table, flow, clock, rewrites: true, (last, _) => CaughtUpAsync(lake, last, cancellationToken), cancellationToken);
        }
    }

    private static async Task AgeAsync<T>(
        Lake lake, string name, FlowProgress<T> flow, SteppingClock clock, bool rewrites, Func<T, long, Task<T>> next, CancellationToken cancellationToken)
        where T : class
    {
        DeltaTable table = new(lake.Store, name.Replace('.', '/'));
        long first = (await flow.ReadTailAsync(cancellationToken)).Count;
        T inputs = await next((await flow.ReadTailAsync(cancellationToken)).Last!, first);
        AddFile? before = null;
        for (long batch = first; batch < first + Commits; batch++)
        {
            inputs = rewrites ? inputs : await next(inputs, batch);
            await flow.RecordAsync(batch, inputs, cancellationToken);
            DeltaTransaction transaction = DeltaTransaction.Begin(table, await table.GetSnapshotAsync(cancellationToken), clock);
            transaction.SetTransaction(name, batch);
            before = rewrites ? Rewrite(transaction, before, batch, isLast: batch == first + Commits - 1) : null;
            await transaction.CommitAsync("WRITE", new Dictionary<string, string>(), cancellationToken);
            await flow.CondenseAsync(batch, cancellationToken);
            clock.Step();
        }
    }

    // As a model does that makes its rows again: each commit replaces a file of the one before. None is left at the end, so none need be there.
    private static AddFile? Rewrite(DeltaTransaction transaction, AddFile? before, long batch, bool isLast)
    {
        if (before is not null)
        {
            transaction.Remove(before, dataChange: true);
        }

        AddFile? file = isLast ? null : new AddFile($"aged-{batch}.parquet", new Dictionary<string, string?>(), 1, 0, DataChange: true, null);
        if (file is not null)
        {
            transaction.Add(file);
        }

        return file;
    }

    private static BronzeInputs ObjectOf(long batch, SteppingClock clock) => new(
        [new RawObject($"raw/transaction/aged-{batch:D8}.json", 200, "json", null) { Checksum = $"{batch:x32}", Records = 1, Modified = clock.GetUtcNow() }]);

    private static async Task<ModelInputs> CaughtUpAsync(Lake lake, ModelInputs last, CancellationToken cancellationToken)
    {
        Dictionary<string, VersionRange> tables = [];
        foreach ((string name, VersionRange range) in last.Tables)
        {
            long newest = (await new DeltaTable(lake.Store, name.Replace('.', '/')).GetSnapshotAsync(cancellationToken)).Version;
            tables[name] = range.Until < 0 ? range : range with { After = newest, Until = newest };
        }

        return last with { Full = false, Tables = tables };
    }

    /// <summary>A clock that goes on when it is told to.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private DateTimeOffset _now = System.GetUtcNow();

        public void Step() => _now += s_step;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
