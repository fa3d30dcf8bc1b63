using System.Globalization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>Finds the raw objects of a domain that no batch has taken in.</summary>
internal static class RawInventory
{
    private const string ForeignFormat = "json";

    /// <summary>Lists new objects in the order of their keys.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="taken">Keys that batches have taken in.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <remarks>A chunk counts once all before it in its emulation are there. What is no chunk of an emulation is taken too.</remarks>
    public static async Task<IReadOnlyList<BronzeObject>> ListNewAsync(Lake lake, DomainSchema domain, HashSet<string> taken, CancellationToken cancellationToken)
    {
        ManifestStore manifests = new(lake.Store);
        Dictionary<string, Manifest?> known = [];
        Dictionary<string, int> next = [];
        List<BronzeObject> found = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.RawOf(domain.Domain), cancellationToken).ConfigureAwait(false))
        {
            string folder = item.Key[..(item.Key.LastIndexOf('/') + 1)];
            if (!known.TryGetValue(folder, out Manifest? manifest))
            {
                manifest = await FindManifestAsync(manifests, domain, folder, cancellationToken).ConfigureAwait(false);
                known.Add(folder, manifest);
                next.Add(folder, 0);
            }

            int? number = manifest is null ? null : ChunkNumber(item.Key[folder.Length..]);
            if (number > next[folder])
            {
                // One before it is not there yet.
                continue;
            }

            bool isChunk = number is not null && number == next[folder];
            next[folder] += isChunk ? 1 : 0;
            if (!taken.Contains(item.Key))
            {
                found.Add(new BronzeObject(item.Key, item.Length, isChunk ? manifest!.Format : ForeignFormat, isChunk ? manifest!.Id : null));
            }
        }

        return found;
    }

    private static async Task<Manifest?> FindManifestAsync(ManifestStore manifests, DomainSchema domain, string folder, CancellationToken cancellationToken)
    {
        string name = folder[LakeLayout.RawOf(domain.Domain).Length..].TrimEnd('/');
        Manifest? manifest = Guid.TryParseExact(name, "D", out Guid id) ? await manifests.FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
        return manifest?.Domain == domain.Domain ? manifest : null;
    }

    // Chunks are named NUMBER-FIRSTROW.EXTENSION, eight and sixteen digits.
    private static int? ChunkNumber(string name) =>
        name.Length > 25 && name[8] == '-' && name[25] == '.'
        && int.TryParse(name.AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && long.TryParse(name.AsSpan(9, 16), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? number
            : null;
}
