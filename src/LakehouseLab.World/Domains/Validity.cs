using LakehouseLab.World.Schemas;

namespace LakehouseLab.World.Domains;

/// <summary>How the records of a domain replace each other: each is valid from an instant on, until the next one of the same key.</summary>
/// <param name="Since">The fields of a record of which the first present one tells since when it is valid.</param>
/// <param name="Column">The column of Silver that holds that instant.</param>
/// <param name="HistoryTable">The Silver table of all versions; the domain's own is that of the present ones.</param>
public sealed record Validity(IReadOnlyList<string> Since, Field Column, string HistoryTable);
