namespace LakehouseLab.Audit.Reports;

/// <summary>What is wrong with a record or a row.</summary>
public enum FindingKind
{
    /// <summary>It should be there and is not.</summary>
    Missing,

    /// <summary>It is there more than once.</summary>
    Duplicated,

    /// <summary>It is there with another content.</summary>
    Altered,

    /// <summary>It is there and should not be.</summary>
    Unexpected,
}

/// <summary>One record or row that is wrong.</summary>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="Row">Its row number in the domain; null for what belongs to no row, and for rows of Gold.</param>
/// <param name="Id">Its key as a person reads it; null when it has none.</param>
/// <param name="Place">Where it lies, or should lie.</param>
/// <param name="Detail">What differs or what became of it; null when there is no more to say.</param>
public sealed record Finding(FindingKind Kind, long? Row, string? Id, string? Place, string? Detail);
