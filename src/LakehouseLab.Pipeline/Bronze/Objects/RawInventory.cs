using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Bronze.Objects;

/// <summary>The raw objects of a domain, as far as they ask for something.</summary>
internal sealed class RawInventory
{
    private readonly Lake _lake;
    private readonly ManifestStore _manifests;
    private readonly Domain _domain;
    private readonly IngestedObjects _ingested;
    private readonly List<NewObject> _new = [];
    private readonly List<RawChange> _touched = [];
    private readonly List<string> _unknown = [];

    private RawInventory(Lake lake, Domain domain, IngestedObjects ingested)
    {
        _lake = lake;
        _manifests = new ManifestStore(lake.Store);
        _domain = domain;
        _ingested = ingested;
    }

    /// <summary>Objects that no batch has ingested, in the order of their keys: those of the lake, then chunks of its emulations elsewhere.</summary>
    public IReadOnlyList<NewObject> New => _new;

    /// <summary>Ingested objects whose length or time is another now.</summary>
    public IReadOnlyList<RawChange> Touched => _touched;

    /// <summary>Objects whose names end like no format of records.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Lists the objects.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="ingested">What batches have ingested; it may be gone from raw.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <remarks>A chunk counts once all before it in its emulation are there or ingested. What is not a chunk of an emulation is ingested too,
    /// if its name ends like a format.</remarks>
    public static async Task<RawInventory> ListAsync(Lake lake, Domain domain, IngestedObjects ingested, CancellationToken cancellationToken)
    {
        RawInventory inventory = new(lake, domain, ingested);
        await inventory.ListLakeAsync(cancellationToken).ConfigureAwait(false);
        await inventory.ListElsewhereAsync(cancellationToken).ConfigureAwait(false);
        return inventory;
    }

    private async Task ListLakeAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, Emulated?> folders = [];
        foreach ((string key, ObjectInfo? item) in await ListPresentAndIngestedAsync(cancellationToken).ConfigureAwait(false))
        {
            string folder = FolderOf(key);
            if (!folders.TryGetValue(folder, out Emulated? emulated))
            {
                Manifest? manifest = await FindManifestAsync(folder, cancellationToken).ConfigureAwait(false);
                emulated = manifest is null ? null : new Emulated(manifest);
                folders.Add(folder, emulated);
            }

            int? number = emulated is null ? null : ChunkNumber(key, emulated.Manifest);
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

            if (item is { } present)
            {
                Add(present, isChunk ? emulated!.Manifest.Id : null, number, null);
            }
        }
    }

    private void Add(ObjectInfo item, Guid? emulation, int? chunk, string? location)
    {
        if (_ingested.Latest.TryGetValue(item.Key, out RawObject? ingested))
        {
            if (RawChange.IsPossible(ingested, item))
            {
                _touched.Add(new RawChange(ingested, item));
            }
        }
        else if (ChunkFormat.TryOfExtension(item.Key) is { } format)
        {
            _new.Add(new NewObject(new RawObject(item.Key, item.Length, format.Name, emulation, location) { Modified = item.LastModified }, emulation is null ? null : chunk));
        }
        else
        {
            _unknown.Add(item.Key);
        }
    }

    // Chunks in other stores than the lake's. What else is there is not of concern to this lake.
    private async Task ListElsewhereAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, int> ingestedByFolder = _ingested.Latest.Keys.GroupBy(FolderOf).ToDictionary(folder => folder.Key, folder => folder.Count(), StringComparer.Ordinal);
        HashSet<string?> away = [];
        foreach (Manifest manifest in await _manifests.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (manifest.Domain != _domain.Name || manifest.Sync != SyncSystem.Minio || manifest.Location == _lake.Store.Location || away.Contains(manifest.Location))
            {
                continue;
            }

            bool isDone = manifest.IsEnded && ingestedByFolder.GetValueOrDefault(LakeLayout.ChunksOf(_domain.Name, manifest.Id)) >= manifest.Chunks;
            try
            {
                await ListElsewhereAsync(manifest, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (isDone && exception is StorageException or InvalidRequestException)
            {
                // Nothing is owed by it: a store that was taken down since does not fail a run.
                away.Add(manifest.Location);
            }
        }
    }

    private async Task ListElsewhereAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        string folder = LakeLayout.ChunksOf(_domain.Name, manifest.Id);
        int next = 0;
        await foreach (ObjectInfo item in _manifests.ChunksOf(manifest).ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (ChunkNumber(item.Key, manifest) == next)
            {
                Add(item, manifest.Id, next, manifest.Location);
                next++;
            }
        }
    }

    private static string FolderOf(string key) => key[..(key.LastIndexOf('/') + 1)];

    // Ingested objects that are gone are listed too, so that the chunks after them still follow on.
    private async Task<IReadOnlyList<(string Key, ObjectInfo? Item)>> ListPresentAndIngestedAsync(CancellationToken cancellationToken)
    {
        SortedDictionary<string, ObjectInfo?> objects = new(StringComparer.Ordinal);
        foreach (string key in _ingested.Latest.Keys)
        {
            objects.Add(key, null);
        }

        string folder = LakeLayout.RawOf(_domain.Name);
        await foreach (ObjectInfo item in _lake.Store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (!RawNames.IsIgnored(item.Key[folder.Length..]))
            {
                objects[item.Key] = item;
            }
        }

        return [.. objects.Select(pair => (pair.Key, pair.Value))];
    }

    private async Task<Manifest?> FindManifestAsync(string folder, CancellationToken cancellationToken)
    {
        string name = folder[LakeLayout.RawOf(_domain.Name).Length..].TrimEnd('/');
        Manifest? manifest = Guid.TryParseExact(name, "D", out Guid id) ? await _manifests.FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
        return manifest?.Domain == _domain.Name ? manifest : null;
    }

    private static int? ChunkNumber(string key, Manifest manifest) =>
        ChunkKey.TryParse(key) is { } chunk && chunk.Emulation == manifest.Id && chunk.Extension == manifest.ChunkFormat.Extension ? chunk.Number : null;

    /// <summary>An emulation whose chunks are being listed.</summary>
    private sealed class Emulated(Manifest manifest)
    {
        public Manifest Manifest { get; } = manifest;

        public int NextChunk { get; set; }
    }
}

/// <summary>An object that no batch has ingested.</summary>
/// <param name="Object">The object, without a checksum yet.</param>
/// <param name="Chunk">Its number in its emulation; null for an object of others.</param>
internal sealed record NewObject(RawObject Object, int? Chunk);
