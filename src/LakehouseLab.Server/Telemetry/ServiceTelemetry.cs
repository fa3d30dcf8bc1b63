using System.Diagnostics.Metrics;
using LakehouseLab.Emulation.Telemetry;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LakehouseLab.Server.Telemetry;

/// <summary>What the service tells of itself: logs, traces and metrics.</summary>
internal sealed class ServiceTelemetry : IDisposable
{
    private const string Name = "LakehouseLab.Server";
    private const string ExporterVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly Meter _meter = new(Name);

    /// <summary>Begins to observe jobs.</summary>
    public ServiceTelemetry(EmulationScheduler scheduler, EmulationRegistry registry, LakeTasks tasks, JobDatabase database, TimeProvider clock)
    {
        _meter.CreateObservableGauge("lakelab.emulations.queued", () => scheduler.Queued, description: "Emulations that wait for their turn.");
        _meter.CreateObservableGauge("lakelab.emulations.running", () => scheduler.Running, description: "Emulations that have their turn.");
        _meter.CreateObservableGauge("lakelab.emulations.waiting", () => registry.All.Count(job => job.Record.State == JobState.Waiting), description: "Emulations whose sink is away.");
        _meter.CreateObservableGauge("lakelab.lake_tasks.unfinished", () => tasks.Unfinished, description: "Pipeline runs and audits that have not ended.");
        _meter.CreateObservableGauge("lakelab.job_database.failing", () => database.Failure is null ? 0 : 1, description: "Whether the last write to the job database failed.");
        _meter.CreateObservableGauge(
            "lakelab.emulations.behind",
            () => registry.All.Where(job => job.Record.State == JobState.Running).Select(job => job.Counts.BehindSeconds).DefaultIfEmpty(0).Max(),
            "s",
            "By how much the emulation that is most behind its pace is so.");
        _meter.CreateObservableGauge(
            "lakelab.emulations.event_time_lag",
            () => registry.All.Where(job => job.Record.State == JobState.Running && job.Record.Settings.Rate == "realtime" && job.Counts.EventTime is not null)
                .Select(job => Math.Max(0, ((clock.GetUtcNow() - job.Record.StartedAt!.Value) - (job.Counts.EventTime!.Value - (job.Record.Settings.From ?? job.Record.Settings.Start))).TotalSeconds)).DefaultIfEmpty(0).Max(),
            "s",
            "How far event time is behind the clock in the realtime emulation that is most behind.");
    }

    /// <summary>Sets logs up: one line for people or one JSON object a line for programs, on standard error.</summary>
    public static void AddLogs(ILoggingBuilder logging, LogForm form)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("OpenTelemetry", LogLevel.Warning);

        // What fails at the start is thrown, and told in one line by whoever starts the service.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        if (form == LogForm.Json)
        {
            logging.AddJsonConsole(options =>
            {
                options.IncludeScopes = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else if (form == LogForm.Text)
        {
            logging.AddSimpleConsole(options =>
            {
                options.IncludeScopes = true;
                options.SingleLine = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "HH:mm:ss ";
            });
        }

        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Sets metrics for Prometheus up, and export by OTLP where the environment names a collector.</summary>
    public static void AddExport(IServiceCollection services, Func<string, string?> variable)
    {
        bool export = !string.IsNullOrEmpty(variable(ExporterVariable));
        OpenTelemetry.OpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("lakelab", serviceVersion: typeof(ServiceTelemetry).Assembly.GetName().Version!.ToString(3)));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Name, EmulationTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddPrometheusExporter();
            if (export)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (export)
        {
            telemetry.WithTracing(tracing => tracing.AddSource(EmulationTelemetry.Name).AddAspNetCoreInstrumentation().AddOtlpExporter());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
