namespace LakehouseLab.Pipeline.Repair;

/// <summary>Which quarantined records are wanted.</summary>
public sealed record QuarantineFilter
{
    /// <summary>The Silver table that refused them, such as <c>silver.transactions</c>; null for all.</summary>
    public string? Table { get; init; }

    /// <summary>Part of the reason, in whatever case; null for any reason.</summary>
    public string? Reason { get; init; }

    /// <summary>When Bronze received them at the earliest; null for any time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many are read at most, the last received first; the others are only counted.</summary>
    public int Limit { get; init; } = int.MaxValue;
}
