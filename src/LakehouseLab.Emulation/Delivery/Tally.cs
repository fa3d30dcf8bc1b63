using LakehouseLab.Formats.Records;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>Adds up what a run makes. Not thread-safe.</summary>
internal sealed class Tally
{
    private static readonly FraudRule[] s_rules = Enum.GetValues<FraudRule>();

    private readonly long[] _frauds = new long[s_rules.Length];

    /// <summary>Rows made.</summary>
    public long Rows { get; private set; }

    /// <summary>How far event time is in what was delivered of them.</summary>
    public DeliveredTime Delivered { get; } = new();

    /// <summary>Fraudulent rows by rule.</summary>
    public IReadOnlyDictionary<FraudRule, long> FraudsByRule =>
        s_rules.Where(rule => rule != FraudRule.None && _frauds[(int)rule] > 0).ToDictionary(rule => rule, rule => _frauds[(int)rule]);

    /// <summary>Adds rows.</summary>
    public void Add(BlockSlice slice)
    {
        Rows += slice.Count;
        Delivered.Add(slice);
        foreach (FraudRule rule in slice.Block.Rules.AsSpan(slice.First, slice.Count))
        {
            _frauds[(int)rule]++;
        }
    }
}
