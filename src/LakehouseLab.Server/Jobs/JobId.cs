namespace LakehouseLab.Server.Jobs;

/// <summary>Makes the ids of jobs: random, so that nobody can guess another's, and sorted by time.</summary>
internal static class JobId
{
    /// <summary>A new id: a UUID of version 7 (RFC 9562).</summary>
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());
}
