using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;
using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Audit.Shards;

/// <summary>What a shard of an audit has read: sums that say nothing alone, and the lake's state when it read them. All shards' reports together are an audit.</summary>
/// <param name="Kind">What the document is.</param>
/// <param name="Version">Of the document: another version's sums may be of other things.</param>
/// <param name="Shard">Which shard, such as <c>2/3</c>.</param>
/// <param name="Lake">The lake, as it was named.</param>
/// <param name="Settings">What was asked for.</param>
/// <param name="Facts">The lake's state, which must be the same for all shards.</param>
/// <param name="Parts">What was read of each table.</param>
public sealed record ShardReport(
    string Kind, int Version, string Shard, string Lake, ShardSettings Settings, IReadOnlyDictionary<string, string> Facts, IReadOnlyList<ShardPart> Parts)
{
    /// <summary>What the documents are.</summary>
    public const string AuditShard = "audit_shard";

    /// <summary>The version that this program writes and reads.</summary>
    public const int PresentVersion = 1;

    /// <summary>What is wrong by itself, whatever other shards read.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What differs and is told in full when the shards are merged. One sentence each.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>How long it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Of all else, so that a damaged file is noticed.</summary>
    public string Checksum { get; init; } = "";

    /// <summary>Whether nothing is wrong as far as the shard alone can tell.</summary>
    [JsonPropertyName("clean")]
    public bool IsClean => Findings.Count == 0 && Differences.Count == 0;

    /// <summary>The same with its checksum.</summary>
    public ShardReport Sealed() => this with { Checksum = Sum() };

    /// <summary>Whether it is as it was sealed.</summary>
    [JsonIgnore]
    public bool IsWhole => Checksum == Sum();

    private string Sum() => Convert.ToHexStringLower(XxHash128.Hash(JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = "" }, ShardDocuments.Default.Report)));
}

/// <summary>What an audit was asked for, as far as it decides what is compared.</summary>
/// <param name="Sample">The share of users whose features are compared in full.</param>
/// <param name="Receipts">What must be there.</param>
/// <param name="RequireComplete">Whether being behind counts against the lake.</param>
public sealed record ShardSettings(string Sample, IReadOnlyList<Receipt> Receipts, bool RequireComplete)
{
    /// <summary>The layers; null for those that are there.</summary>
    public IReadOnlyList<AuditLayer>? Layers { get; init; }

    /// <summary>The emulations; null for all.</summary>
    public IReadOnlyList<Guid>? Emulations { get; init; }
}

/// <summary>What a shard has read of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="State">Its sums, as the audit's part of the table writes them.</param>
public sealed record ShardPart(string Table, byte[] State);
