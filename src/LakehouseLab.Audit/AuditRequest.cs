using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Audit;

/// <summary>What is to be audited.</summary>
public sealed record AuditRequest
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
}

/// <summary>How far an audit is.</summary>
/// <param name="Step">What is being read, such as <c>silver.transactions</c>.</param>
/// <param name="Done">Rows that are done.</param>
/// <param name="Total">Rows in all.</param>
public readonly record struct AuditProgress(string Step, long Done, long Total);
