namespace LakehouseLab.Server.Emulations;

/// <summary>Rows a second over the last seconds. Added to by one thread, read by any.</summary>
internal sealed class SpeedMeter(TimeProvider clock, long rows)
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<(long Time, long Rows)> _points = new([(clock.GetTimestamp(), rows)]);
    private (long Time, long Rows) _last = (clock.GetTimestamp(), rows);

    /// <summary>Takes over how many rows there are now.</summary>
    public void Add(long count)
    {
        long now = clock.GetTimestamp();
        lock (_lock)
        {
            // A tenth of the window is exact enough, and keeps the points few.
            if (clock.GetElapsedTime(_last.Time, now) >= s_window / 10)
            {
                _points.Enqueue((now, count));
                _last = (now, count);
            }
            else
            {
                _last.Rows = count;
            }
        }
    }

    /// <summary>The rows a second up to now.</summary>
    public double PerSecond()
    {
        long now = clock.GetTimestamp();
        lock (_lock)
        {
            while (_points.Count > 1 && clock.GetElapsedTime(_points.Peek().Time, now) > s_window)
            {
                _points.Dequeue();
            }

            (long time, long first) = _points.Peek();
            double seconds = clock.GetElapsedTime(time, now).TotalSeconds;
            return seconds < 0.001 ? 0 : Math.Round(Math.Max(0, _last.Rows - first) / seconds, 1);
        }
    }
}
