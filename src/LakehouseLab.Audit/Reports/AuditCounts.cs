using System.ComponentModel;
using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>Records or rows in numbers. What was found is what was expected, less the missing, plus the duplicated and the unexpected.</summary>
/// <param name="Expected">How many should be there.</param>
/// <param name="Found">How many are there.</param>
/// <param name="Missing">Expected, and not there.</param>
/// <param name="Duplicated">There once more than expected, each time counted.</param>
/// <param name="Altered">There with another content.</param>
/// <param name="Unexpected">There, and not expected at all.</param>
public sealed record AuditCounts(long Expected, long Found, long Missing, long Duplicated, long Altered, long Unexpected)
{
    /// <summary>The duplicated among those that their emulation's guarantee permits.</summary>
    [Description("The duplicated among those that their emulation's guarantee permits.")]
    public long Permitted { get; init; }

    /// <summary>Records of other lakes or domains, which are not among the found.</summary>
    [Description("Records of other lakes or domains, which are not among the found.")]
    public long Foreign { get; init; }

    /// <summary>Repaired records among the found: in Bronze all that were replayed, in Silver those that the world does not have.</summary>
    [Description("Repaired records among the found: in Bronze all that were replayed, in Silver those that the world does not have.")]
    public long Replayed { get; init; }

    /// <summary>Whether all is as expected.</summary>
    [JsonIgnore]
    public bool IsClean => Missing == 0 && Duplicated == Permitted && Altered == 0 && Unexpected == 0;

    /// <summary>How many there are of a kind that is counted by records.</summary>
    internal long Of(FindingKind kind) => kind switch
    {
        FindingKind.Missing => Missing,
        FindingKind.Duplicated => Duplicated,
        FindingKind.Altered => Altered,
        FindingKind.Unexpected => Unexpected,
        _ => 0,
    };
}

/// <summary>The part of one emulation.</summary>
/// <param name="Emulation">The emulation.</param>
/// <param name="Counts">Its records in numbers; the unexpected belong to none.</param>
public sealed record EmulationCounts(Guid Emulation, AuditCounts Counts);
