using System.Diagnostics.Metrics;
using LakehouseLab.Emulation.Telemetry;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LakehouseLab.Server.Telemetry;

/// <summary>What the service tells of itself: logs, traces and metrics.</summary>
internal sealed class ServiceTelemetry : IHostedLifecycleService, IDisposable
{
    private const string Name = "LakehouseLab.Server";
    private const string ExporterVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly Meter _meter = new(Name);

    private readonly EmulationMetrics _emulations;
    private readonly LakeTaskMetrics _lakeTasks;
    private readonly LakeTasks _tasks;

    /// <summary>Begins to observe jobs.</summary>
    public ServiceTelemetry(EmulationScheduler scheduler, EmulationRegistry registry, LakeTasks tasks, JobDatabase database, TimeProvider clock)
    {
        _emulations = new EmulationMetrics(_meter, registry, () => scheduler.Queued, clock);
        scheduler.Ended += _emulations.Add;
        _tasks = tasks;
        _lakeTasks = new LakeTaskMetrics(_meter, clock);
        tasks.Ended += _lakeTasks.Add;
        _meter.CreateObservableGauge("lakelab.lake_tasks.unfinished", () => tasks.Unfinished, description: "Pipeline runs and audits that have not ended.");
        _meter.CreateObservableGauge("lakelab.job_database.failing", () => database.Failure is null ? 0 : 1, description: "Whether the last write to the job database failed.");
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes over what earlier processes of the service did.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _lakeTasks.Restore(_tasks.Records);
        return Task.CompletedTask;
    }

    /// <summary>Shows every series of counters from 0 on. Before the exporters run nobody would see it.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _emulations.BeginAtZero();
        _lakeTasks.BeginAtZero();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
            telemetry.WithTracing(tracing => tracing.AddSource(EmulationTelemetry.Name, LakeTasks.Activities.Name).AddAspNetCoreInstrumentation().AddOtlpExporter());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
