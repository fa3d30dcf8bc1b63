using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Ranges;

/// <summary>Reads from the manifests what was delivered into a lake.</summary>
/// <param name="lake">The lake.</param>
/// <param name="topics">The cluster, which tells how far emulations are that have not ended; null to go by their manifests.</param>
internal sealed class RangeReader(Lake lake, ITopicLog? topics)
{
    private readonly ManifestStore _manifests = new(lake.Store);

    /// <summary>Reads the ranges of all domains.</summary>
    /// <param name="audited">The emulations that are looked at; null for all.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidRequestException">The lake has no such emulation.</exception>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public async Task<IReadOnlyList<DomainRanges>> ReadAsync(IReadOnlyCollection<Guid>? audited, CancellationToken cancellationToken)
    {
        IReadOnlyList<Manifest> manifests = await _manifests.ListAsync(cancellationToken).ConfigureAwait(false);
        foreach (Guid id in audited ?? [])
        {
            if (manifests.All(manifest => manifest.Id != id))
            {
                throw new InvalidRequestException($"emulation {id}: lake '{lake.Location}' has no such emulation; it has {(manifests.Count == 0 ? "none" : string.Join(", ", manifests.Select(manifest => manifest.Id)))}");
            }
        }

        List<DomainRanges> domains = [];
        foreach (DomainSchema schema in DomainSchemas.All)
        {
            List<DeliveredRange> ranges = [];
            foreach (Manifest manifest in manifests.Where(manifest => manifest.Domain == schema.Domain))
            {
                bool isAudited = audited?.Contains(manifest.Id) ?? true;
                if (manifest.Sync == SyncSystem.Kafka)
                {
                    ranges.AddRange(RangesOf(manifest, isAudited && !manifest.IsEnded ? await FindNextRowAsync(manifest, schema, cancellationToken).ConfigureAwait(false) : null, isAudited));
                    continue;
                }

                IReadOnlyList<ChunkInfo> chunks = await _manifests.ListDeliveredAsync(manifest, cancellationToken).ConfigureAwait(false);
                ranges.AddRange(RangesOf(manifest, chunks, isAudited));
            }

            domains.Add(new DomainRanges(schema, [.. ranges.OrderBy(range => range.FirstRow).Select((range, index) => range with { Index = index })]));
        }

        return domains;
    }

    // The manifest is written from time to time, the position with every batch.
    private async Task<long?> FindNextRowAsync(Manifest manifest, DomainSchema schema, CancellationToken cancellationToken) =>
        topics is null ? null : await topics.FindPositionAsync(manifest.Location ?? schema.Topic, manifest.Id, cancellationToken).ConfigureAwait(false);

    private static IEnumerable<DeliveredRange> RangesOf(Manifest manifest, long? nextRow, bool isAudited)
    {
        long left = manifest.IsEnded ? long.MaxValue : Math.Max(manifest.DeliveredRows, nextRow is { } row ? manifest.CountBefore(row) : 0);
        foreach (ManifestRange range in manifest.Ranges)
        {
            long rows = Math.Min(range.Rows, left);
            left -= rows;
            yield return new DeliveredRange(0, manifest, range.FirstRow, range.FirstRow + rows, [], isAudited);
        }
    }

    // Emulations that go on until they are ended have several ranges, between which others' may lie.
    private static IEnumerable<DeliveredRange> RangesOf(Manifest manifest, IReadOnlyList<ChunkInfo> chunks, bool isAudited)
    {
        foreach (ManifestRange range in manifest.Ranges)
        {
            IReadOnlyList<ChunkInfo> own = [.. chunks.Where(chunk => chunk.FirstRow >= range.FirstRow && chunk.FirstRow < range.EndRow)];
            long end = manifest.IsEnded ? range.EndRow : own.Count == 0 ? range.FirstRow : own[^1].EndRow;
            yield return new DeliveredRange(0, manifest, range.FirstRow, end, own, isAudited);
        }
    }
}
