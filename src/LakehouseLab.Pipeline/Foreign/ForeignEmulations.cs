using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Foreign;

/// <summary>Finds the emulations of Bronze records that are not the lake's own of that domain: it has no manifest of them.</summary>
/// <param name="lake">The lake.</param>
/// <param name="domain">The domain.</param>
internal sealed class ForeignEmulations(Lake lake, Domain domain)
{
    /// <summary>The foreign emulations that Bronze records name.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(IEngineSession session, Relation records, CancellationToken cancellationToken)
    {
        ManifestStore manifests = new(lake.Store);
        List<string> foreign = [];
        foreach (IReadOnlyList<string?> row in await session.QueryAsync($"SELECT DISTINCT _emulation_id FROM {records.Sql} AS received WHERE _emulation_id IS NOT NULL", cancellationToken).ConfigureAwait(false))
        {
            bool isOwn = Guid.TryParse(row[0], out Guid id)
                && await manifests.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } manifest && manifest.Domain == domain.Name;
            if (!isOwn)
            {
                foreign.Add(row[0]!);
            }
        }

        foreign.Sort(StringComparer.Ordinal);
        return foreign;
    }
}
