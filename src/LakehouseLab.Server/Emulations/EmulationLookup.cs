using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Server.Emulations;

/// <summary>Finds out whether the service or its lake knows an emulation.</summary>
internal sealed class EmulationLookup(EmulationRegistry registry, Lake lake)
{
    /// <summary>Whether there is such an emulation.</summary>
    public async Task<bool> IsKnownAsync(Guid emulation, CancellationToken cancellationToken) =>
        registry.Find(emulation) is not null || await new ManifestStore(lake.Store).FindAsync(emulation, cancellationToken).ConfigureAwait(false) is not null;
}
