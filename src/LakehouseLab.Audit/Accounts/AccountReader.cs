using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Reads what a lake says of itself, before anything is believed of it: each document is held against the others.</summary>
/// <param name="lake">The lake.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class AccountReader(Lake lake, Tally tally)
{
    private readonly AccountStore _store = new(lake.Store, tally);

    /// <summary>Reads and checks all of it.</summary>
    /// <param name="world">The lake's world.</param>
    /// <param name="tables">The tables that a pipeline makes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<LakeAccounts> ReadAsync(WorldSettings world, IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        ManifestReader manifests = new(lake, new ManifestStore(lake.Store), tally);
        IReadOnlyList<EmulationAccount> emulations = await manifests.ReadAsync(world, cancellationToken).ConfigureAwait(false);
        HashSet<Guid> unusable = [.. manifests.Unread];
        HashSet<Guid> known = [.. manifests.Unread, .. emulations.Select(emulation => emulation.Manifest.Id)];
        List<Claim> all = [];
        ClaimReader claims = new(_store, tally);
        foreach (Domain domain in Domain.All)
        {
            IReadOnlyList<Claim> own = await WithoutBegunAsync(await claims.ReadAsync(domain, cancellationToken).ConfigureAwait(false), known, cancellationToken).ConfigureAwait(false);
            all.AddRange(own);
            EmulationAccount[] emulated = [.. emulations.Where(emulation => emulation.Manifest.Domain == domain.Name)];
            unusable.UnionWith(new ClaimCheck(domain.Name, own, claims.IsWhole, emulated, manifests.Unread, tally).Run());
            unusable.UnionWith(new OverlapCheck(tally).Run(emulated, own.Select(claim => claim.Emulation).ToHashSet()));
        }

        EmulationAccount[] usable = [.. emulations.Where(emulation => !unusable.Contains(emulation.Manifest.Id))];
        IReadOnlyDictionary<string, FlowAccount> flows = await new FlowReader(lake, _store).ReadAsync(tables, cancellationToken).ConfigureAwait(false);
        IngestionCheck ingestion = new(new ManifestStore(lake.Store), usable, unusable, tally);
        foreach (Domain domain in Domain.All)
        {
            await ingestion.RunAsync(flows[TableSources.BronzeOf(domain)], cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<string> keys = await _store.ListAsync(LakeLayout.Runs, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, RunDocument> runs = await _store.ReadEachAsync(
            keys.Where(key => key.EndsWith(".json", StringComparison.Ordinal)), AccountDocuments.Default.RunDocument, cancellationToken).ConfigureAwait(false);
        FlowCheck check = new(flows, [.. runs.OrderBy(run => run.Key, StringComparer.Ordinal).Select(run => run.Value)], tally);
        return new LakeAccounts(usable, all, unusable, flows, check.Run());
    }

    // A manifest comes before its claim, so one that is there now and was not before is of an emulation that began meanwhile: the next audit looks at it.
    private async Task<IReadOnlyList<Claim>> WithoutBegunAsync(IReadOnlyList<Claim> claims, HashSet<Guid> known, CancellationToken cancellationToken)
    {
        HashSet<Guid> begun = [];
        foreach (Guid emulation in claims.Select(claim => claim.Emulation).Where(emulation => !known.Contains(emulation)).Distinct())
        {
            if (await lake.Store.FindAsync(LakeLayout.Manifest(emulation), cancellationToken).ConfigureAwait(false) is not null)
            {
                begun.Add(emulation);
            }
        }

        return begun.Count == 0 ? claims : [.. claims.Where(claim => !begun.Contains(claim.Emulation))];
    }
}
