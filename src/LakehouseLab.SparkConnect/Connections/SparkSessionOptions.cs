using System.Security.Cryptography.X509Certificates;

namespace LakehouseLab.SparkConnect.Connections;

/// <summary>How a session behaves towards its server.</summary>
public sealed record SparkSessionOptions
{
    /// <summary>What the server's log calls the client.</summary>
    public string ClientType { get; init; } = "lakehouse-lab";

    /// <summary>How long failures of the connection are retried: a restart of the server took half a minute.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>The same for the first answer of a server.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a small call (a setting, an interrupt) may take, and how long a statement may give no sign of life, before the connection counts as failed.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a statement may take unless its own options say so; null: for ever.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Issuers whose certificates of servers are accepted; null: those that this machine trusts.</summary>
    public X509Certificate2Collection? TrustedIssuers { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
