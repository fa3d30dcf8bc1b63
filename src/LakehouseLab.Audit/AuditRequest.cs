using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Shards;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Audit;

/// <summary>What is to be audited.</summary>
/// <param name="Tables">What the tables of a lake are declared with, whether or not they are there.</param>
public sealed record AuditRequest(IReadOnlyList<DeclaredTable> Tables)
{
    /// <summary>The emulations whose records are looked at; null for all of the lake's.</summary>
    public IReadOnlyCollection<Guid>? Emulations { get; init; }

    /// <summary>The layers, which then must be there; null for those that are.</summary>
    public IReadOnlyCollection<AuditLayer>? Layers { get; init; }

    /// <summary>What must be there whether or not the lake names it.</summary>
    public IReadOnlyList<Receipt> Receipts { get; init; } = [];

    /// <summary>Whether being behind counts against the lake.</summary>
    public bool RequiresComplete { get; init; }

    /// <summary>Of whom all values of <c>gold.fraud_features</c> are compared; everyone unless stated.</summary>
    public UserSample Sample { get; init; } = UserSample.All;

    /// <summary>The Kafka cluster; null when there is none.</summary>
    public ITopicLog? Topics { get; init; }

    /// <summary>How many of the lake's parts are read at once, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The same for what shards were asked for.</summary>
    internal AuditRequest With(ShardSettings settings) => this with
    {
        Layers = settings.Layers, Emulations = settings.Emulations, Sample = UserSample.Parse(settings.Sample), Receipts = settings.Receipts, RequiresComplete = settings.RequireComplete,
    };
}
