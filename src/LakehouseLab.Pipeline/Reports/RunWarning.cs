using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Reports;

/// <summary>Something about a model's rows that a person should look at, though its table was written.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Message">A sentence with the figures.</param>
/// <param name="Share">Share of the records or rows, 0 to 1.</param>
public sealed record RunWarning(RunWarningKind Kind, string Message, double Share)
{
    /// <summary>The expectation that is broken; null when it is about none.</summary>
    public string? Expectation { get; init; }

    /// <summary>The share of rows that the expectation tolerates; null when it is about none.</summary>
    public double? Threshold { get; init; }

    /// <summary>The lowest share of recent runs; null when it is not held against them.</summary>
    public double? RecentLowest { get; init; }

    /// <summary>The highest share of recent runs; null when it is not held against them.</summary>
    public double? RecentHighest { get; init; }

    /// <summary>How many recent runs that is; null when it is not held against them.</summary>
    public int? RecentRuns { get; init; }
}

/// <summary>What a warning is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunWarningKind>))]
public enum RunWarningKind
{
    /// <summary>More rows break an expectation than its model tolerates: a finding.</summary>
    [JsonStringEnumMemberName("expectation")]
    Expectation,

    /// <summary>More records are quarantined than in recent runs.</summary>
    [JsonStringEnumMemberName("quarantine_rate")]
    QuarantineRate,

    /// <summary>More records are duplicates than in recent runs.</summary>
    [JsonStringEnumMemberName("duplicate_rate")]
    DuplicateRate,
}
