using LakehouseLab.Emulation.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace LakehouseLab.Tests.Emulation.Telemetry;

/// <summary>Whoever delivers hears within five seconds that a system does not answer, and that it does again.</summary>
public sealed class AnswerWatchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Told _told = new();

    [Fact]
    public void Call_NotAnsweredForSeconds_IsToldOnceAndTakenBack()
    {
        using AnswerWatch watch = new("kafka", _clock, _told);
        watch.Begin();
        _clock.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Empty(_told.Values);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith("kafka has not acknowledged for 4 s", Assert.Single(_told.Values), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(1));
        watch.End();

        Assert.Equal([_told.Values[0], null], _told.Values);
    }

    [Fact]
    public void Calls_AnsweredInTime_AreNotTold()
    {
        using AnswerWatch watch = new("kafka", _clock, _told);
        for (int call = 0; call < 10; call++)
        {
            watch.Begin();
            _clock.Advance(TimeSpan.FromSeconds(3));
            watch.End();
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Empty(_told.Values);
    }

    private sealed class Told : IProgress<string?>
    {
        public List<string?> Values { get; } = [];

        public void Report(string? value) => Values.Add(value);
    }
}
