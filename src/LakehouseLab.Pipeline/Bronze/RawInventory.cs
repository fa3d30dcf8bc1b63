using System.Globalization;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>Finds the raw objects of a domain that no batch has taken in.</summary>
internal static class RawInventory
{
    /// <summary>Lists new objects in the order of their keys: those of the lake, then chunks of its emulations that lie elsewhere.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="taken">Keys that batches have taken in; what they name may be gone from raw.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <remarks>A chunk counts once all before it in its emulation are there or taken. What is no chunk of an emulation is taken too.</remarks>
    public static async Task<IReadOnlyList<BronzeObject>> ListNewAsync(Lake lake, DomainSchema domain, HashSet<string> taken, CancellationToken cancellationToken)
    {
        ManifestStore manifests = new(lake.Store);
        Dictionary<string, Emulated?> folders = [];
        List<BronzeObject> found = [];
        foreach ((string key, long? length) in await ListAsync(lake, domain, taken, cancellationToken).ConfigureAwait(false))
        {
            string folder = FolderOf(key);
            if (!folders.TryGetValue(folder, out Emulated? emulated))
            {
                Manifest? manifest = await FindManifestAsync(manifests, domain, folder, cancellationToken).ConfigureAwait(false);
                emulated = manifest is null ? null : new Emulated(manifest);
                folders.Add(folder, emulated);
            }

            int? number = emulated is null ? null : ChunkNumber(key[folder.Length..], emulated.Manifest.ChunkFormat.Extension);
            if (number > emulated?.NextChunk)
            {
                // One before it is not there yet.
                continue;
            }

            bool isChunk = number is not null && number == emulated!.NextChunk;
            if (isChunk)
            {
                emulated!.NextChunk++;
            }

            if (length is not null && !taken.Contains(key))
            {
                found.Add(new BronzeObject(key, length.Value, ChunkFormat.OfRaw(key).Name, isChunk ? emulated!.Manifest.Id : null));
            }
        }

        await AddElsewhereAsync(lake, manifests, domain, taken, found, cancellationToken).ConfigureAwait(false);
        return found;
    }

    // Chunks in other stores than the lake's. What else lies there is no concern of this lake.
    private static async Task AddElsewhereAsync(
        Lake lake, ManifestStore manifests, DomainSchema domain, HashSet<string> taken, List<BronzeObject> found, CancellationToken cancellationToken)
    {
        Dictionary<string, int> takenByFolder = taken.GroupBy(FolderOf).ToDictionary(folder => folder.Key, folder => folder.Count(), StringComparer.Ordinal);
        foreach (Manifest manifest in await manifests.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            string folder = LakeLayout.ChunksOf(domain.Domain, manifest.Id);
            if (manifest.Domain != domain.Domain || manifest.Sync != SyncSystem.Minio || manifest.Location == lake.Store.Location
                || (manifest.IsEnded && takenByFolder.GetValueOrDefault(folder) >= manifest.Chunks))
            {
                continue;
            }

            int next = 0;
            await foreach (ObjectInfo item in manifests.ChunksOf(manifest).ListAsync(folder, cancellationToken).ConfigureAwait(false))
            {
                if (ChunkNumber(item.Key[folder.Length..], manifest.ChunkFormat.Extension) == next)
                {
                    next++;
                    if (!taken.Contains(item.Key))
                    {
                        found.Add(new BronzeObject(item.Key, item.Length, manifest.Format, manifest.Id, manifest.Location));
                    }
                }
            }
        }
    }

    private static string FolderOf(string key) => key[..(key.LastIndexOf('/') + 1)];

    // Taken objects that are gone are listed without a length, so that the chunks after them still follow on.
    private static async Task<IReadOnlyList<(string Key, long? Length)>> ListAsync(Lake lake, DomainSchema domain, HashSet<string> taken, CancellationToken cancellationToken)
    {
        SortedDictionary<string, long?> objects = new(StringComparer.Ordinal);
        foreach (string key in taken)
        {
            objects.Add(key, null);
        }

        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.RawOf(domain.Domain), cancellationToken).ConfigureAwait(false))
        {
            objects[item.Key] = item.Length;
        }

        return [.. objects.Select(pair => (pair.Key, pair.Value))];
    }

    private static async Task<Manifest?> FindManifestAsync(ManifestStore manifests, DomainSchema domain, string folder, CancellationToken cancellationToken)
    {
        string name = folder[LakeLayout.RawOf(domain.Domain).Length..].TrimEnd('/');
        Manifest? manifest = Guid.TryParseExact(name, "D", out Guid id) ? await manifests.FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
        return manifest?.Domain == domain.Domain ? manifest : null;
    }

    // Chunks are named NUMBER-FIRSTROW.EXTENSION, eight and sixteen digits.
    private static int? ChunkNumber(string name, string extension) =>
        name.Length > 26 && name[8] == '-' && name[25] == '.' && name.AsSpan(26).SequenceEqual(extension)
        && int.TryParse(name.AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && long.TryParse(name.AsSpan(9, 16), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? number
            : null;

    /// <summary>An emulation whose chunks are being listed.</summary>
    private sealed class Emulated(Manifest manifest)
    {
        public Manifest Manifest { get; } = manifest;

        public int NextChunk { get; set; }
    }
}
