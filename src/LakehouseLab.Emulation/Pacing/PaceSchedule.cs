using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Pacing;

/// <summary>
/// Says which records are due. It counts from one anchor and not from record to record, so that nothing drifts; when
/// records cannot be made or taken as fast as they are due, the anchor moves by what was lost, and
/// <see cref="Behind"/> says so: what was lost is not made up for by a burst. Not thread-safe.
/// </summary>
/// <param name="pace">The pace.</param>
/// <param name="clock">The clock.</param>
internal sealed class PaceSchedule(Pace pace, TimeProvider clock)
{
    /// <summary>Records leave in groups this far apart: fine enough to be smooth, coarse enough not to be busy with waiting.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMilliseconds(20);

    // A hiccup is made up for, so that the mean holds; a machine that cannot hold the pace is not to be chased for ever.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(1);

    private long _anchor;
    private long _anchorTime;
    private long _sent;
    private bool _isAnchored;

    /// <summary>By how much records left later than they were due, in all.</summary>
    public TimeSpan Behind { get; private set; }

    /// <summary>How many rows of a slice are due, counted from its first.</summary>
    public int CountDue(BlockSlice slice) => CountDue(slice, clock.GetTimestamp());

    /// <summary>How many rows of a slice are due at a moment, counted from its first.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="now">The moment, as the clock's timestamp.</param>
    public int CountDue(BlockSlice slice, long now)
    {
        if (pace.Kind == PaceKind.Max)
        {
            return slice.Count;
        }

        Anchor(slice, now);
        double elapsed = Elapsed(now);
        double late = elapsed - DueOf(slice, 0);
        if (late > s_tolerance.TotalSeconds)
        {
            TimeSpan lost = TimeSpan.FromSeconds(late);
            Behind += lost;
            _anchor += (long)(late * clock.TimestampFrequency);
            elapsed -= late;
        }

        if (pace.Kind == PaceKind.Rows)
        {
            return (int)Math.Clamp(Math.Floor(elapsed * pace.Value) + 1 - _sent, 0, slice.Count);
        }

        long until = _anchorTime + (long)Math.Floor(elapsed * pace.Value * 1000);
        return ~slice.Block.EventTimes.AsSpan(slice.First, slice.Count).BinarySearch(until, BehindEquals.Instance);
    }

    /// <summary>Tells that rows have left.</summary>
    public void Sent(int rows) => _sent += rows;

    /// <summary>How long to wait for the first row of a slice, which is not due yet: at least a tick.</summary>
    public TimeSpan WaitFor(BlockSlice slice)
    {
        TimeSpan until = TimeSpan.FromSeconds(Math.Min(DueOf(slice, 0) - Elapsed(clock.GetTimestamp()), TimeSpan.FromDays(1).TotalSeconds));
        return until > Tick ? until : Tick;
    }

    private double Elapsed(long now) => (now - _anchor) / (double)clock.TimestampFrequency;

    // Seconds after the anchor.
    private double DueOf(BlockSlice slice, int row) => pace.Kind == PaceKind.Rows
        ? _sent / pace.Value
        : (slice.Block.EventTimes[slice.First + row] - _anchorTime) / (pace.Value * 1000);

    private void Anchor(BlockSlice slice, long now)
    {
        if (!_isAnchored)
        {
            _anchor = now;
            _anchorTime = slice.Block.EventTimes[slice.First];
            _isAnchored = true;
        }
    }

    // Never says "equal", so that a search ends behind the last of equal times.
    private sealed class BehindEquals : IComparer<long>
    {
        public static BehindEquals Instance { get; } = new();

        public int Compare(long left, long right) => left < right ? -1 : 1;
    }
}
