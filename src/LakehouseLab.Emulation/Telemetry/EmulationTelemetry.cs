using System.Diagnostics;
using System.Diagnostics.Metrics;
using LakehouseLab.Emulation.Requests;

namespace LakehouseLab.Emulation.Telemetry;

/// <summary>What delivery tells of itself to whoever listens; nobody listening costs next to nothing. Tags are <c>sync</c> and <c>domain</c>.</summary>
public static class EmulationTelemetry
{
    /// <summary>Name of the meter and of the source of traces.</summary>
    public const string Name = "LakehouseLab.Emulation";

    private static readonly Meter s_meter = new(Name);

    /// <summary>Source of traces: one activity for each run of an emulation.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Rows delivered.</summary>
    public static Counter<long> Rows { get; } = s_meter.CreateCounter<long>("lakelab.rows", description: "Rows delivered.");

    /// <summary>Bytes delivered.</summary>
    public static Counter<long> Bytes { get; } = s_meter.CreateCounter<long>("lakelab.bytes", description: "Bytes delivered.");

    /// <summary>Deliveries that failed for good.</summary>
    public static Counter<long> Errors { get; } = s_meter.CreateCounter<long>("lakelab.delivery.errors", description: "Deliveries that failed for good.");

    /// <summary>Deliveries that were tried again.</summary>
    public static Counter<long> Retries { get; } = s_meter.CreateCounter<long>("lakelab.delivery.retries", description: "Deliveries that were tried again.");

    /// <summary>Seconds from when records are handed over until they are durable and visible.</summary>
    public static Histogram<double> Latency { get; } = s_meter.CreateHistogram(
        "lakelab.delivery.latency", "s", "From when records are handed over until they are durable and visible.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    /// <summary>Begins the activity of a run; null when nobody listens.</summary>
    internal static Activity? Begin(Guid emulation, EmulationRequest request, ActivityContext? origin)
    {
        // Linked and not below it: the request was answered long before.
        ActivityLink[]? links = origin is { } asked ? [new ActivityLink(asked)] : null;
        Activity? activity = Activities.StartActivity(ActivityKind.Internal, links: links, name: "emulate");
        activity?.SetTag("lakelab.emulation", emulation).SetTag("lakelab.domain", request.Schema.Name).SetTag("lakelab.sync", request.Destination.Name);
        return activity;
    }
}
