namespace LakehouseLab.Audit.Accounts;

/// <summary>What somebody outside the lake knows that it must have: rows that emulations delivered into it.</summary>
/// <param name="Source">Where that is written.</param>
/// <param name="Domain">The domain.</param>
/// <param name="Emulations">The emulations that have the rows between them.</param>
/// <param name="FirstRow">First row; null when only their number is known.</param>
/// <param name="Rows">How many rows.</param>
public sealed record Receipt(string Source, string Domain, IReadOnlyList<Guid> Emulations, long? FirstRow, long Rows);
