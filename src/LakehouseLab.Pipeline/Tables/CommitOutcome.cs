using LakehouseLab.Delta;
using LakehouseLab.Pipeline.Failures;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>Looks at how a commit ended: what lost to another writer must not go on as if it had been made.</summary>
internal static class CommitOutcome
{
    /// <summary>The version that was committed.</summary>
    /// <param name="result">How the commit ended.</param>
    /// <param name="table">The table.</param>
    /// <param name="meanwhile">What was being done, for the message.</param>
    /// <exception cref="ModelException">Another writer changed the table meanwhile; it is as that writer made it.</exception>
    public static long Require(CommitResult result, DeltaTable table, string meanwhile) => result switch
    {
        CommitResult.Committed committed => committed.Version,
        CommitResult.Conflict conflict => throw new ModelException(
            $"{table.Location}: {conflict.Reason} in version {conflict.Version} while {meanwhile}; run the command again, which goes on from there"),
        _ => throw new InvalidOperationException(result.ToString()),
    };
}
