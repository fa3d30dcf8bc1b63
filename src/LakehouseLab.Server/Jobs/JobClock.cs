namespace LakehouseLab.Server.Jobs;

/// <summary>The instants of jobs: whole milliseconds, as they are kept and shown.</summary>
internal static class JobClock
{
    /// <summary>The present instant.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
