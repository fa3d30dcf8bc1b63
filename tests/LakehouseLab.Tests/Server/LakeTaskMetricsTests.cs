using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace LakehouseLab.Tests.Server;

/// <summary>What metrics say of pipeline runs and audits.</summary>
public sealed class LakeTaskMetricsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly LakeTaskMetrics _metrics;

    public LakeTaskMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
        _metrics = new LakeTaskMetrics(_meter, _clock);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counters_BeforeAnything_AreThereAtZero()
    {
        _metrics.BeginAtZero();

        Assert.All(["lakelab.pipeline.runs completed", "lakelab.pipeline.runs failed", "lakelab.audits clean", "lakelab.audits findings"], name => Assert.Equal(0, _sums[name]));
    }

    [Fact]
    public void Run_ThatEnded_IsCountedWithItsTables()
    {
        _metrics.Add(Run(_clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromSeconds(60));
        _listener.RecordObservableInstruments();

        Assert.Equal(
            (1, 70, 63, 2, 60, 60),
            (_sums["lakelab.pipeline.runs failed"], _sums["lakelab.pipeline.rows bronze.transactions"], _sums["lakelab.pipeline.rows silver.transactions"],
                _sums["lakelab.pipeline.quarantined silver.transactions"], _sums["lakelab.table.freshness bronze.transactions"], _sums["lakelab.table.freshness silver.transactions"]));
        Assert.Equal(5, _sums["lakelab.pipeline.run.duration failed"]);
        Assert.False(_sums.ContainsKey("lakelab.table.freshness gold.transactions_daily"), "a table that failed is fresh");
    }

    [Fact]
    public void Audit_ThatEnded_IsCountedByVerdictWithTheAgeOfTheLastCleanOne()
    {
        _metrics.Restore([Audit(clean: true)]);
        _clock.Advance(TimeSpan.FromSeconds(30));
        _metrics.Add(Audit(clean: false));
        _clock.Advance(TimeSpan.FromSeconds(30));
        _listener.RecordObservableInstruments();

        Assert.Equal((false, 1, 60, 3), (_sums.ContainsKey("lakelab.audits clean"), _sums["lakelab.audits findings"], _sums["lakelab.audit.last_clean.age"], _sums["lakelab.audit.findings raw"]));
    }

    private LakeTaskRecord Audit(bool clean) => New(LakeTaskRecord.Audit, JobState.Completed) with
    {
        Findings = new AuditReport("lake", [new TableAudit(AuditLayer.Raw, "raw/transaction", true, new AuditCounts(9, 9, clean ? 0 : 3, 0, 0, 0))]),
    };

    private LakeTaskRecord Run(DateTimeOffset startedAt) => New(LakeTaskRecord.PipelineRun, JobState.Failed) with
    {
        RunReport = new PipelineReport(
            "r", "duckdb", startedAt, 5,
            [new BronzeOutcome("bronze.transactions", 1, 70, 1000, 1, null)],
            [
                Model("silver.transactions", ModelState.Updated, 63, 2),
                Model("gold.transactions_daily", ModelState.Failed, 0, 0),
            ]),
    };

    private static ModelOutcome Model(string table, ModelState state, long rows, long quarantined) =>
        new(table, state, 1, rows, rows, quarantined, 0, 0, new Dictionary<string, long>(), false, 1, null);

    private LakeTaskRecord New(string kind, JobState state) => new()
    {
        Kind = kind, Number = 1, Id = Guid.Empty, State = state, CreatedAt = _clock.GetUtcNow(), StartedAt = _clock.GetUtcNow(), EndedAt = _clock.GetUtcNow().AddSeconds(kind == LakeTaskRecord.Audit ? 0 : 5),
    };

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
        _sums.AddOrUpdate(name, value, (_, before) => instrument.IsObservable ? value : before + value);
    }
}
