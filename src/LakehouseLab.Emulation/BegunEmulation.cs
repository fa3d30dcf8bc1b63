using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation;

/// <summary>Finds an emulation that has begun by its id, to go on with it as it was asked for.</summary>
public static class BegunEmulation
{
    /// <summary>The request of an emulation of a lake; one that was killed right after its claim takes its labels from the options.</summary>
    /// <exception cref="InvalidRequestException">The lake has no such emulation of the domain.</exception>
    public static async Task<EmulationRequest> FindAsync(
        Guid emulation, Domain domain, Lake lake, EmulationOptions options, CancellationToken cancellationToken)
    {
        if (await new ManifestStore(lake.Store).FindAsync(emulation, cancellationToken).ConfigureAwait(false) is { } manifest)
        {
            return Continue(manifest, domain, options);
        }

        IReadOnlyList<RangeClaim> claims = await new RangeClaims(lake, domain.Name).ReadAsync(cancellationToken).ConfigureAwait(false);
        return claims.FirstOrDefault(claim => claim.Emulation == emulation) is { } begun
            && await lake.ReadWorldAsync(cancellationToken).ConfigureAwait(false) is { } world
            ? new EmulationRequest(domain, new EmulatedWorld(world), begun.FirstRow, begun.Rows, options) { Emulation = emulation }
            : throw new InvalidRequestException($"lake '{lake.Location}' has no emulation {emulation} of {domain.Name}: its raw/_emulations folder names those that it has");
    }

    /// <summary>The request of an emulation of a folder that is not a lake.</summary>
    /// <exception cref="InvalidRequestException">The folder has no such emulation of the domain.</exception>
    public static async Task<EmulationRequest> FindAsync(
        Guid emulation, Domain domain, IObjectStore folder, EmulationOptions options, CancellationToken cancellationToken) =>
        await new ManifestStore(folder).FindAsync(emulation, cancellationToken).ConfigureAwait(false) is { } manifest
            ? Continue(manifest, domain, options)
            : throw new InvalidRequestException($"folder '{folder.Location}' has no emulation {emulation}: its raw/_emulations folder names those that it has");

    private static EmulationRequest Continue(Manifest manifest, Domain domain, EmulationOptions options) =>
        manifest.Domain == domain.Name
            ? new EmulationRequest(domain, new EmulatedWorld(manifest.World), manifest.FirstRow, manifest.Rows, OptionsOf(manifest, options)) { Emulation = manifest.Id }
            : throw new InvalidRequestException($"emulation {manifest.Id} is of {manifest.Domain}, not {domain.Name}: name that domain");

    /// <summary>The options that an emulation was begun with, and others as they are.</summary>
    internal static EmulationOptions OptionsOf(Manifest manifest, EmulationOptions others) =>
        others with { Labels = manifest.Labels, Format = manifest.ChunkFormat, Destination = manifest.Destination };
}
