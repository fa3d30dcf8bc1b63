namespace LakehouseLab.Server.Emulations;

/// <summary>Delivered rows a second over the last seconds, or over the last chunks where those come more rarely. Added to by one thread, read by any.</summary>
internal sealed class SpeedMeter(TimeProvider clock)
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<(long Time, long Rows)> _points = new();
    private (long Time, long Rows) _last;

    /// <summary>Begins to measure.</summary>
    /// <param name="rows">Rows that are delivered already.</param>
    public void Begin(long rows)
    {
        lock (_lock)
        {
            _points.Clear();
            _last = (clock.GetTimestamp(), rows);
            _points.Enqueue(_last);
        }
    }

    /// <summary>Takes over how many rows are delivered now.</summary>
    public void Add(long rows)
    {
        long now = clock.GetTimestamp();
        lock (_lock)
        {
            if (_points.Count == 0 || rows == _last.Rows)
            {
                return;
            }

            // A tenth of the window is exact enough, and keeps the points few.
            if (clock.GetElapsedTime(_points.Last().Time, now) >= s_window / 10)
            {
                _points.Enqueue((now, rows));
            }

            _last = (now, rows);
        }
    }

    /// <summary>The rows a second up to now.</summary>
    public double PerSecond()
    {
        long now = clock.GetTimestamp();
        lock (_lock)
        {
            while (_points.Count > 2 && clock.GetElapsedTime(_points.Peek().Time, now) > s_window)
            {
                _points.Dequeue();
            }

            if (!_points.TryPeek(out (long Time, long Rows) first) || _last.Rows == first.Rows)
            {
                return 0;
            }

            // Rows come in chunks: the time since the last one counts once the next is overdue.
            TimeSpan between = clock.GetElapsedTime(first.Time, _last.Time);
            TimeSpan since = clock.GetElapsedTime(_last.Time, now);
            TimeSpan time = since > between ? between + since : between;
            return time < TimeSpan.FromMilliseconds(1) ? 0 : Math.Round((_last.Rows - first.Rows) / time.TotalSeconds, 1);
        }
    }
}
