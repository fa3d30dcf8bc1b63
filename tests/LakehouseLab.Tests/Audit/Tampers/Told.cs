using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>A finding that the audit must tell. What is not stated may be anything.</summary>
/// <param name="Table">The table.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Column">The column.</param>
internal sealed record Told(string Table, FindingKind Kind, string? Column = null)
{
    /// <summary>How many records of the table are wrong in this way; null for whatever number, 0 where it is about no records.</summary>
    public long? Records { get; init; }

    /// <summary>The row.</summary>
    public long? Row { get; init; }

    /// <summary>Part of the place.</summary>
    public string? Place { get; init; }

    /// <summary>Part of the key.</summary>
    public string? Key { get; init; }

    /// <summary>Part of what should be there.</summary>
    public string? Expected { get; init; }

    /// <summary>Part of what is there.</summary>
    public string? Found { get; init; }

    /// <summary>Part of the cause.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether a finding is this one.</summary>
    public bool Matches(Finding finding) =>
        finding.Table == Table && finding.Kind == Kind && (Column is null || finding.Column == Column) && (Row is null || finding.Row == Row) && Has(finding.Place, Place) && Has(finding.Key, Key)
        && Has(finding.Expected, Expected) && Has(finding.Found, Found) && Has(finding.Cause, Cause) && (Records is null || Records > 0 == finding.Records > 0);

    private static bool Has(string? text, string? part) => part is null || text?.Contains(part, StringComparison.Ordinal) is true;
}
