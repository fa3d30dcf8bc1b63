using System.Diagnostics;
using System.Diagnostics.Metrics;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Telemetry;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Jobs;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Server.Telemetry;

/// <summary>What emulations of the service do, as metrics.</summary>
internal sealed class EmulationMetrics
{
    private readonly Counter<long> _ended;

    /// <summary>Begins to measure.</summary>
    public EmulationMetrics(Meter meter, EmulationRegistry registry, Func<int> queued, TimeProvider clock)
    {
        meter.CreateObservableGauge("lakelab.emulations.queued", queued, description: "Emulations that wait for their turn.");
        meter.CreateObservableGauge("lakelab.emulations.running", () => CountIn(registry, JobState.Running), description: "Emulations that deliver; those that wait for their sink are not among them.");
        meter.CreateObservableGauge("lakelab.emulations.waiting", () => CountIn(registry, JobState.Waiting), description: "Emulations whose sink is away.");
        meter.CreateObservableGauge(
            "lakelab.emulations.behind",
            () => registry.All.Where(job => job.Record.State == JobState.Running).Select(job => job.Counts.BehindSeconds).DefaultIfEmpty(0).Max(),
            "s",
            "By how much the emulation that is most behind its pace is so.");
        meter.CreateObservableGauge(
            "lakelab.emulations.event_time_lag",
            () => registry.All.Where(job => job.Record.State == JobState.Running && job.Record.Settings.Rate == "realtime" && job.Counts.EventTime is not null)
                .Select(job => Math.Max(0, ((clock.GetUtcNow() - job.Record.StartedAt!.Value) - (job.Counts.EventTime!.Value - (job.Record.Settings.From ?? job.Record.Settings.Start))).TotalSeconds)).DefaultIfEmpty(0).Max(),
            "s",
            "How far event time is behind the clock in the realtime emulation that is most behind.");
        _ended = meter.CreateCounter<long>("lakelab.emulations.ended", description: "Emulations that ended, by state.");
    }

    /// <summary>An emulation has ended.</summary>
    public void Add(EmulationRecord ended) => Add(1, ended.State, ended.Settings.EmulatorSync, ended.Settings.EmulationDomain);

    /// <summary>Shows every series of counters from 0 on, so that its first increase is one. To be called once somebody reads them.</summary>
    public void BeginAtZero()
    {
        foreach (string sync in Destination.Names)
        {
            foreach (string domain in Domain.All.Select(known => known.Name))
            {
                TagList tags = new() { { "sync", sync }, { "domain", domain } };
                EmulationTelemetry.Errors.Add(0, tags);
                EmulationTelemetry.Retries.Add(0, tags);
                foreach (JobState state in Enum.GetValues<JobState>().Where(JobStates.IsEnded))
                {
                    Add(0, state, sync, domain);
                }
            }
        }
    }

    private void Add(int count, JobState state, string sync, string domain) =>
        _ended.Add(count, new TagList { { "state", state.ToString().ToLowerInvariant() }, { "sync", sync }, { "domain", domain } });

    private static int CountIn(EmulationRegistry registry, JobState state) => registry.All.Count(job => job.Record.State == state);
}
