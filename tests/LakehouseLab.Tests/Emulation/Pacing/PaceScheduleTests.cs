using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Tests.Emulation.Pacing;

public sealed class PaceScheduleTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(37.5)]
    [InlineData(1_000)]
    [InlineData(250_000)]
    public void CountDue_RowsASecond_AreSmoothWithinAHundredthAndDoNotDrift(double rate)
    {
        List<(TimeSpan At, int Rows)> sent = Send(new Pace(PaceKind.Rows, rate), Block(static row => 0), TimeSpan.FromSeconds(60), out PaceSchedule schedule);
        Assert.Equal(TimeSpan.Zero, schedule.Behind);
        Assert.InRange(sent.Sum(group => group.Rows), (rate * (60 - PaceSchedule.Tick.TotalSeconds)) - 1, (rate * 60) + 1);
        for (TimeSpan from = TimeSpan.Zero; from + s_window <= TimeSpan.FromSeconds(60); from += TimeSpan.FromSeconds(1))
        {
            int rows = sent.Where(group => group.At >= from && group.At < from + s_window).Sum(group => group.Rows);
            Assert.InRange(rows, (rate * 10 * 0.99) - 1, (rate * 10 * 1.01) + 1);
        }

        // Not busy with waiting: groups are a tick apart.
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= PaceSchedule.Tick - TimeSpan.FromTicks(1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void CountDue_EventTime_FollowsTheRecords(double times)
    {
        // Two records a second, and five at once every ten seconds.
        EncodedBlock block = Block(static row => row / 25 * 10_000 + (row % 25 < 20 ? row % 25 * 500 : 9_999));
        List<(TimeSpan At, int Rows)> sent = Send(new Pace(PaceKind.EventTime, times), block, TimeSpan.FromSeconds(100 / times), out _);
        int done = 0;
        foreach ((TimeSpan at, int rows) in sent)
        {
            double eventTime = at.TotalMilliseconds * times;
            Assert.True(block.EventTimes[done + rows - 1] <= eventTime + 0.001);
            done += rows;
            Assert.True(block.EventTimes[done] > eventTime);
        }
    }

    [Fact]
    public void CountDue_AfterAStandstill_TellsWhatWasLostAndMakesNoBurst()
    {
        VirtualClock clock = new();
        PaceSchedule schedule = new(new Pace(PaceKind.Rows, 1_000), clock);
        EncodedBlock block = Block(static _ => 0);
        Assert.Equal(1, schedule.CountDue(new BlockSlice(block, 0, block.Rows)));
        schedule.Sent(1);
        clock.Advance(TimeSpan.FromSeconds(30.001));
        Assert.Equal(1, schedule.CountDue(new BlockSlice(block, 1, block.Rows - 1)));
        Assert.Equal(30, schedule.Behind.TotalSeconds, tolerance: 0.001);

        // The schedule goes on from there: what was lost is lost once, and the pace is as before.
        schedule.Sent(1);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(500, schedule.CountDue(new BlockSlice(block, 2, block.Rows - 2)), tolerance: 1);
        Assert.Equal(30, schedule.Behind.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public void CountDue_EventTimeAfterAStandstill_GoesOnFromThere()
    {
        VirtualClock clock = new();
        PaceSchedule schedule = new(new Pace(PaceKind.EventTime, 1), clock);
        EncodedBlock block = Block(static row => row * 100L);
        schedule.CountDue(new BlockSlice(block, 0, block.Rows));
        schedule.Sent(1);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, schedule.CountDue(new BlockSlice(block, 1, block.Rows - 1)));
        schedule.Sent(1);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, schedule.CountDue(new BlockSlice(block, 2, block.Rows - 2)));
        Assert.Equal(59.9, schedule.Behind.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public void CountDue_AfterAHiccup_MakesUpForIt()
    {
        VirtualClock clock = new();
        PaceSchedule schedule = new(new Pace(PaceKind.Rows, 1_000), clock);
        EncodedBlock block = Block(static _ => 0);
        schedule.CountDue(new BlockSlice(block, 0, block.Rows));
        schedule.Sent(1);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(500, schedule.CountDue(new BlockSlice(block, 1, block.Rows - 1)));
        Assert.Equal(TimeSpan.Zero, schedule.Behind);
    }

    // The same block again and again for rows, once for event times.
    private static List<(TimeSpan At, int Rows)> Send(Pace pace, EncodedBlock block, TimeSpan until, out PaceSchedule schedule)
    {
        VirtualClock clock = new();
        long start = clock.GetTimestamp();
        schedule = new PaceSchedule(pace, clock);
        List<(TimeSpan At, int Rows)> sent = [];
        BlockSlice rest = new(block, 0, block.Rows);
        while (clock.GetElapsedTime(start) < until)
        {
            int due = schedule.CountDue(rest);
            if (due == 0)
            {
                clock.Advance(schedule.WaitFor(rest));
                continue;
            }

            TimeSpan at = clock.GetElapsedTime(start);
            if (sent.Count > 0 && sent[^1].At == at)
            {
                sent[^1] = (at, sent[^1].Rows + due);
            }
            else
            {
                sent.Add((at, due));
            }

            schedule.Sent(due);
            rest = due < rest.Count ? rest.Skip(due) : new BlockSlice(block, 0, block.Rows);
        }

        return sent;
    }

    private static EncodedBlock Block(Func<int, long> eventTime)
    {
        EncodedBlock block = new() { Rows = 4096 };
        for (int row = 0; row < block.Rows; row++)
        {
            block.EventTimes[row] = eventTime(row);
        }

        return block;
    }
}
