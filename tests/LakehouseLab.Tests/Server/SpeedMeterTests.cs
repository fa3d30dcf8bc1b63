using LakehouseLab.Server.Emulations;
using Microsoft.Extensions.Time.Testing;

namespace LakehouseLab.Tests.Server;

/// <summary>How fast rows are delivered, whether they come steadily or chunk by chunk.</summary>
public sealed class SpeedMeterTests
{
    [Fact]
    public void PerSecond_SteadyRows_IsOfTheLastSeconds()
    {
        FakeTimeProvider clock = new();
        SpeedMeter meter = new(clock);
        meter.Begin(0);
        long rows = 0;
        for (int second = 1; second <= 20; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            rows += second <= 10 ? 1000 : 200;
            meter.Add(rows);
        }

        Assert.Equal(200, meter.PerSecond());
    }

    [Fact]
    public void PerSecond_ChunksThatComeRarely_IsTheirMeanUntilOneIsOverdue()
    {
        FakeTimeProvider clock = new();
        SpeedMeter meter = new(clock);
        meter.Begin(0);
        for (int chunk = 1; chunk <= 5; chunk++)
        {
            clock.Advance(TimeSpan.FromSeconds(20));
            meter.Add(chunk * 40_000);
        }

        clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(2000, meter.PerSecond());
        clock.Advance(TimeSpan.FromSeconds(41));
        Assert.Equal(500, meter.PerSecond());
    }

    [Fact]
    public void PerSecond_AfterALongQueue_CountsFromTheBeginning()
    {
        FakeTimeProvider clock = new();
        SpeedMeter meter = new(clock);
        clock.Advance(TimeSpan.FromHours(1));
        meter.Begin(7);
        Assert.Equal(0, meter.PerSecond());
        clock.Advance(TimeSpan.FromSeconds(2));
        meter.Add(207);

        Assert.Equal(100, meter.PerSecond());
    }
}
