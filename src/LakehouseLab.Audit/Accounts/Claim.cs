using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Accounts;

/// <summary>A claim: rows that an emulation promised to make.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Key">The document that says so.</param>
/// <param name="Emulation">The emulation.</param>
/// <param name="Range">The rows, without what was given back.</param>
internal sealed record Claim(Domain Domain, string Key, Guid Emulation, RowRange Range);
