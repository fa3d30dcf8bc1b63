using LakehouseLab.SparkConnect.Results;

namespace LakehouseLab.SparkConnect.Executions;

/// <summary>What holds for one statement.</summary>
public sealed record SparkStatementOptions
{
    /// <summary>How long it may take, after which it is interrupted; null: as the session's options say.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Is told every few seconds how far it is.</summary>
    public IProgress<SparkProgress>? Progress { get; init; }

    /// <summary>Names by which it can be interrupted; without commas.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
