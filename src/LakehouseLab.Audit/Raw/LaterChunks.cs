using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Raw;

/// <summary>Knows the chunks that emulations delivered after the audit had read how far they were: the next audit looks at them. Asked in the order of
/// their keys. Not thread-safe.</summary>
/// <param name="lake">The lake's objects.</param>
/// <param name="ranges">The domain's ranges, all of the lake's.</param>
internal sealed class LaterChunks(IObjectStore lake, DomainRanges ranges)
{
    private readonly ManifestStore _manifests = new(lake);

    // The number of the chunk that each emulation delivers here next, of those that had not ended.
    private readonly Dictionary<Guid, int> _next = ranges.Ranges.Where(range => !range.Manifest.IsEnded && range.Manifest.Sync == SyncSystem.Local).GroupBy(range => range.Manifest.Id)
        .ToDictionary(own => own.Key, own => own.SelectMany(range => range.Chunks).Select(chunk => chunk.Number + 1).DefaultIfEmpty(0).Max());

    private readonly HashSet<Guid> _known = [.. ranges.Ranges.Select(range => range.Manifest.Id)];
    private readonly Dictionary<Guid, bool> _begun = [];

    /// <summary>Whether an object is one.</summary>
    public async Task<bool> HasAsync(string key, CancellationToken cancellationToken)
    {
        if (ChunkKey.TryParse(key) is not { } chunk || chunk.Domain != ranges.Domain.Name)
        {
            return false;
        }

        if (_next.TryGetValue(chunk.Emulation, out int next) && chunk.Number == next)
        {
            _next[chunk.Emulation] = next + 1;
            return true;
        }

        if (_known.Contains(chunk.Emulation))
        {
            return false;
        }

        if (!_begun.TryGetValue(chunk.Emulation, out bool begun))
        {
            begun = await HasBegunAsync(chunk.Emulation, cancellationToken).ConfigureAwait(false);
            _begun.Add(chunk.Emulation, begun);
        }

        return begun;
    }

    private async Task<bool> HasBegunAsync(Guid emulation, CancellationToken cancellationToken)
    {
        try
        {
            return await _manifests.FindAsync(emulation, cancellationToken).ConfigureAwait(false) is { } manifest && manifest.Domain == ranges.Domain.Name;
        }
        catch (LakeException)
        {
            return false;
        }
    }
}
