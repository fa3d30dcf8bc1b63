using System.Collections.Concurrent;
using System.Diagnostics;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Telemetry;
using LakehouseLab.World;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation.Telemetry;

/// <summary>What traces say of an emulation.</summary>
public sealed class EmulationTelemetryTests
{
    [Fact]
    public async Task RunAsync_AskedForByARequest_LinksItsSpanToTheRequests()
    {
        ConcurrentBag<Activity> activities = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == EmulationTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using TemporaryFolder folder = new();
        Guid id = Guid.CreateVersion7();
        ActivityContext request = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        await Emulator.RunAsync(
            new EmulationRequest(BuiltIn.Transaction, new EmulatedWorld(new WorldSettings { Users = 100 }), 0, 10) { Emulation = id },
            await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken), new EmulationControl { Origin = request }, TestContext.Current.CancellationToken);

        Activity span = Assert.Single(activities, activity => id.Equals(activity.GetTagItem("lakelab.emulation")));
        Assert.Equal(request, Assert.Single(span.Links).Context);
    }
}
