namespace LakehouseLab.Audit.Accounts;

/// <summary>What a lake says of itself, held against each other.</summary>
/// <param name="Emulations">Its emulations that can be believed, in order of domain and first row: no two deliver the same rows.</param>
/// <param name="Claims">Its claims.</param>
/// <param name="Unusable">Emulations of which too little is known, or that contradict another: their records cannot be compared.</param>
/// <param name="Flows">What is recorded of each table.</param>
/// <param name="Lost">For each table that was there and is not, what says so.</param>
internal sealed record LakeAccounts(
    IReadOnlyList<EmulationAccount> Emulations,
    IReadOnlyList<Claim> Claims,
    IReadOnlySet<Guid> Unusable,
    IReadOnlyDictionary<string, FlowAccount> Flows,
    IReadOnlyDictionary<string, string> Lost);
