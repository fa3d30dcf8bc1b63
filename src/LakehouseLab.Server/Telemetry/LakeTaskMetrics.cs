using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Server.Audits;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;

namespace LakehouseLab.Server.Telemetry;

/// <summary>What pipeline runs and audits of the service did, as metrics.</summary>
internal sealed class LakeTaskMetrics
{
    private static readonly string[] s_states = [.. Enum.GetValues<JobState>().Where(JobStates.IsEnded).Select(Word)];
    private static readonly string[] s_verdicts = [.. AuditSummary.AllVerdicts, Word(JobState.Cancelled)];

    private readonly ConcurrentDictionary<string, DateTimeOffset> _upToDate = new(StringComparer.Ordinal);
    private readonly Counter<long> _runs;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _quarantined;
    private readonly Histogram<double> _runSeconds;
    private readonly Counter<long> _audits;
    private volatile AuditSummary? _lastAudit;
    private long _lastCleanTicks;

    /// <summary>Begins to measure.</summary>
    public LakeTaskMetrics(Meter meter, TimeProvider clock)
    {
        _runs = meter.CreateCounter<long>("lakelab.pipeline.runs", description: "Pipeline runs that ended, by state.");
        _rows = meter.CreateCounter<long>("lakelab.pipeline.rows", description: "Rows that pipeline runs wrote, by table.");
        _quarantined = meter.CreateCounter<long>("lakelab.pipeline.quarantined", description: "Records that pipeline runs put into quarantine, by table.");
        _runSeconds = meter.CreateHistogram(
            "lakelab.pipeline.run.duration", "s", "How long pipeline runs took.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600] });
        _audits = meter.CreateCounter<long>("lakelab.audits", description: "Audits that ended, by verdict.");
        meter.CreateObservableGauge(
            "lakelab.table.freshness",
            () => _upToDate.Select(table => new Measurement<double>(Math.Max(0, (clock.GetUtcNow() - table.Value).TotalSeconds), new KeyValuePair<string, object?>("table", table.Key))),
            "s",
            "How long ago the run began that last left the table up to date.");
        meter.CreateObservableGauge(
            "lakelab.audit.findings",
            () => (_lastAudit?.Findings ?? new Dictionary<string, long>()).Select(layer => new Measurement<long>(layer.Value, new KeyValuePair<string, object?>("layer", layer.Key))),
            description: "Findings of the last audit, by layer.");
        meter.CreateObservableGauge(
            "lakelab.audit.last_clean.age",
            () => Interlocked.Read(ref _lastCleanTicks) is > 0 and long ticks ? new[] { new Measurement<double>((clock.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero)).TotalSeconds) } : [],
            "s",
            "How long ago the last audit ended that was clean.");
    }

    /// <summary>Shows every series of counters from 0 on, so that its first increase is one. To be called once somebody reads them.</summary>
    public void BeginAtZero()
    {
        foreach (string state in s_states)
        {
            _runs.Add(0, new KeyValuePair<string, object?>("state", state));
        }

        foreach (string verdict in s_verdicts)
        {
            _audits.Add(0, new KeyValuePair<string, object?>("verdict", verdict));
        }
    }

    /// <summary>Takes over what earlier processes did, which is not counted again.</summary>
    public void Restore(IEnumerable<LakeTaskRecord> records)
    {
        foreach (LakeTaskRecord record in records.Where(record => record.EndedAt is not null).OrderBy(record => record.EndedAt))
        {
            Remember(record);
        }
    }

    /// <summary>A run or an audit has ended.</summary>
    public void Add(LakeTaskRecord ended)
    {
        Remember(ended);
        if (ended.Kind == LakeTaskRecord.Audit)
        {
            _audits.Add(1, new KeyValuePair<string, object?>("verdict", ended.Findings is { } findings ? AuditSummary.Of(findings).Verdict : Word(ended.State)));
            return;
        }

        TagList state = new() { { "state", Word(ended.State) } };
        _runs.Add(1, state);
        if (ended is { StartedAt: { } start, EndedAt: { } end })
        {
            _runSeconds.Record((end - start).TotalSeconds, state);
        }

        foreach (BronzeOutcome bronze in ended.RunReport?.Bronze ?? [])
        {
            _rows.Add(bronze.Records, new KeyValuePair<string, object?>("table", bronze.Table));
        }

        foreach (ModelOutcome model in ended.RunReport?.Models ?? [])
        {
            _rows.Add(model.RowsOut, new KeyValuePair<string, object?>("table", model.Table));
            _quarantined.Add(model.Quarantined, new KeyValuePair<string, object?>("table", model.Table));
        }
    }

    private void Remember(LakeTaskRecord ended)
    {
        if (ended.Findings is { Fault: null } found)
        {
            AuditSummary summary = AuditSummary.Of(found);
            _lastAudit = summary;
            if (summary.Verdict is AuditSummary.Clean or AuditSummary.Behind)
            {
                Interlocked.Exchange(ref _lastCleanTicks, ended.EndedAt!.Value.UtcTicks);
            }
        }

        if (ended.RunReport is { } report)
        {
            IEnumerable<string> upToDate = report.Bronze.Where(bronze => bronze.Failure is null).Select(bronze => bronze.Table)
                .Concat(report.Models.Where(model => model.State is ModelState.UpToDate or ModelState.Updated).Select(model => model.Table));
            foreach (string table in upToDate)
            {
                _upToDate[table] = report.StartedAt;
            }
        }
    }

    private static string Word(JobState state) => state.ToString().ToLowerInvariant();
}
