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
    /// <summary>Whether all is as expected.</summary>
    public bool IsClean => Missing == 0 && Duplicated == Permitted && Altered == 0 && Unexpected == 0;

    /// <summary>The duplicated among those that their emulation's guarantee permits.</summary>
    public long Permitted { get; init; }
}

/// <summary>The part of one emulation.</summary>
/// <param name="Emulation">The emulation.</param>
/// <param name="Counts">Its records in numbers; the unexpected belong to none.</param>
public sealed record EmulationCounts(Guid Emulation, AuditCounts Counts);
