using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Sinks;
using LakehouseLab.World;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation.Delivery;

/// <summary>A pace and a duration count from the first row: what it took to get there belongs to neither.</summary>
public sealed class PacedDeliveryTests
{
    private static readonly EmulatedWorld s_world = new(new WorldSettings());

    [Fact]
    public async Task RunAsync_DurationAfterASlowStart_DeliversItsWholePace()
    {
        (Tally tally, PacedDelivery delivery) = await RunAsync(new EmulationOptions { Pace = Pace.Parse("2000/s"), Duration = TimeSpan.FromSeconds(5) }, 1_000_000);
        Assert.Equal(10_000, tally.Rows);
        Assert.Equal(5, delivery.Time.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public async Task RunAsync_RowsAtAPaceAfterASlowStart_TakeTheirTime()
    {
        (Tally tally, PacedDelivery delivery) = await RunAsync(new EmulationOptions { Pace = Pace.Parse("2000/s") }, 10_000);
        Assert.Equal(10_000, tally.Rows);
        Assert.Equal(5, delivery.Time.TotalSeconds, tolerance: 0.021);
    }

    [Fact]
    public async Task RunAsync_FullSpeed_TakesTheTimeUntilAllIsFlushed()
    {
        (Tally tally, PacedDelivery delivery) = await RunAsync(new EmulationOptions(), 10_000);
        Assert.Equal((10_000, TimeSpan.Zero), (tally.Rows, delivery.Time));
    }

    private static async Task<(Tally Tally, PacedDelivery Delivery)> RunAsync(EmulationOptions options, long rows)
    {
        VirtualClock clock = new();
        EmulationRequest request = new(BuiltIn.Transaction, s_world, 0, rows, options);
        Tally tally = new();
        await using StreamSink sink = new(request, Stream.Null, clock);
        PacedDelivery delivery = new(request, sink, new EmulationControl { Clock = clock }, new PaceSchedule(request.Pace, clock), tally, static () => { });
        clock.Advance(TimeSpan.FromSeconds(3));
        await delivery.RunAsync(request.Range, TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);
        return (tally, delivery);
    }
}
