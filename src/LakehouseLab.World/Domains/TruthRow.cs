using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Domains;

/// <summary>The ground truth of a row that is fraudulent or part of an episode; every other row is plain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Row">Number of the row in the domain, from 0.</param>
/// <param name="RecordId">The record's id, as the record has it.</param>
/// <param name="Rule">The rule by which it is fraudulent; none for a legitimate row of an episode.</param>
/// <param name="Episode">The episode, the same in all domains; 0 for a fraud that is part of none.</param>
public sealed record TruthRow(string Domain, long Row, string RecordId, FraudRule Rule, long Episode)
{
    /// <summary>Whether the row is fraudulent.</summary>
    public bool IsFraud => Rule != FraudRule.None;
}
