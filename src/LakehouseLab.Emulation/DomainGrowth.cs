using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Emulation;

/// <summary>What a domain of a lake lacks.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Range">The rows that it shall have.</param>
/// <param name="RowsThere">How many of them it has.</param>
/// <param name="Requests">The emulations that make the others, in order; empty when it has all.</param>
public sealed record DomainGrowth(Domain Domain, RowRange Range, long RowsThere, IReadOnlyList<EmulationRequest> Requests);

/// <summary>What was done for a domain.</summary>
/// <param name="Plan">What was to be done.</param>
/// <param name="Emulations">What each of the plan's emulations did.</param>
public sealed record DomainGrowthResult(DomainGrowth Plan, IReadOnlyList<EmulationResult> Emulations)
{
    /// <summary>Rows made.</summary>
    public long MadeRows => Emulations.Sum(emulation => emulation.MadeRows);

    /// <summary>Bytes made.</summary>
    public long MadeBytes => Emulations.Sum(emulation => emulation.MadeBytes);

    /// <summary>Fraudulent rows made, by rule.</summary>
    public IReadOnlyDictionary<FraudRule, long> FraudsByRule => Emulations
        .SelectMany(emulation => emulation.FraudsByRule)
        .GroupBy(frauds => frauds.Key)
        .OrderBy(frauds => frauds.Key)
        .ToDictionary(frauds => frauds.Key, frauds => frauds.Sum(rule => rule.Value));
}
