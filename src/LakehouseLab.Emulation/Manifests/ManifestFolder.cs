using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Manifests;

/// <summary>The emulations of a lake, as the names of their manifests tell; nothing of them is read. Immutable.</summary>
public sealed class ManifestFolder
{
    private const string Json = ".json";

    private ManifestFolder(IReadOnlyList<Guid> emulations, IReadOnlyList<Guid> withoutManifest)
    {
        Emulations = emulations;
        WithoutManifest = withoutManifest;
    }

    /// <summary>The emulations that have a manifest, in the order of its key.</summary>
    public IReadOnlyList<Guid> Emulations { get; }

    /// <summary>Emulations of which there are parts of a manifest that is gone, likewise.</summary>
    public IReadOnlyList<Guid> WithoutManifest { get; }

    /// <summary>Lists the folder.</summary>
    /// <param name="store">The store of the lake, or of a folder with the same tree.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="StorageException">The store failed.</exception>
    public static async Task<ManifestFolder> ListAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        List<Guid> emulations = [];
        List<Guid> parts = [];
        await foreach (ObjectInfo item in store.ListAsync(LakeLayout.Manifests, cancellationToken).ConfigureAwait(false))
        {
            string name = item.Key[LakeLayout.Manifests.Length..];
            int slash = name.IndexOf('/', StringComparison.Ordinal);
            if (slash >= 0)
            {
                Add(parts, name.AsSpan(0, slash));
            }
            else if (name.EndsWith(Json, StringComparison.Ordinal))
            {
                Add(emulations, name.AsSpan(0, name.Length - Json.Length));
            }
        }

        return new ManifestFolder(emulations, [.. parts.Distinct().Except(emulations)]);
    }

    private static void Add(List<Guid> emulations, ReadOnlySpan<char> name)
    {
        if (Guid.TryParseExact(name, "D", out Guid emulation))
        {
            emulations.Add(emulation);
        }
    }
}
