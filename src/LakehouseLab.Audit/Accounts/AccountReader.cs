using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

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
        ManifestReader manifests = new(lake, new ManifestStore(lake.Store), _store, tally);
        IReadOnlyList<EmulationAccount> emulations = await manifests.ReadAsync(world, cancellationToken).ConfigureAwait(false);
        HashSet<Guid> unusable = [.. manifests.Unread];
        ClaimReader claims = new(_store, tally);
        foreach (DomainSchema domain in DomainSchemas.All)
        {
            IReadOnlyList<Claim> own = await claims.ReadAsync(domain, cancellationToken).ConfigureAwait(false);
            EmulationAccount[] emulated = [.. emulations.Where(emulation => emulation.Manifest.Domain == domain.Domain)];
            unusable.UnionWith(new ClaimCheck(domain.Domain, own, claims.IsWhole, emulated, manifests.Unread, tally).Run());
            unusable.UnionWith(new OverlapCheck(tally).Run(emulated, own.Select(claim => claim.Emulation).ToHashSet()));
        }

        EmulationAccount[] usable = [.. emulations.Where(emulation => !unusable.Contains(emulation.Manifest.Id))];
        IReadOnlyDictionary<string, FlowAccount> flows = await new FlowReader(lake, _store).ReadAsync(tables, cancellationToken).ConfigureAwait(false);
        IngestionCheck ingestion = new(new ManifestStore(lake.Store), usable, unusable, tally);
        foreach (DomainSchema domain in DomainSchemas.All)
        {
            await ingestion.RunAsync(flows[TableSources.BronzeOf(domain)], cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<string> keys = await _store.ListAsync(LakeLayout.Runs, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, RunDocument> runs = await _store.ReadEachAsync(
            keys.Where(key => key.EndsWith(".json", StringComparison.Ordinal)), AccountDocuments.Default.RunDocument, cancellationToken).ConfigureAwait(false);
        FlowCheck check = new(flows, [.. runs.OrderBy(run => run.Key, StringComparer.Ordinal).Select(run => run.Value)], tally);
        return new LakeAccounts(usable, unusable, flows, check.Run());
    }
}
