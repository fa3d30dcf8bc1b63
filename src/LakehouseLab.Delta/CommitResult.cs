namespace LakehouseLab.Delta;

/// <summary>How a commit ended: as a version, or in a conflict that leaves the table as the others made it.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>It is a version of the table.</summary>
    /// <param name="Version">The version.</param>
    public sealed record Committed(long Version) : CommitResult;

    /// <summary>Another commit came first and changed what this one builds upon.</summary>
    /// <param name="Version">The other commit's version.</param>
    /// <param name="Reason">What it changed.</param>
    public sealed record Conflict(long Version, string Reason) : CommitResult;
}
