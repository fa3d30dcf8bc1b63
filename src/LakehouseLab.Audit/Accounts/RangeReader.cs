using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Reads from the manifests what was delivered into a lake.</summary>
/// <param name="lake">The lake.</param>
/// <param name="topics">The cluster, which tells how far emulations are that have not ended; null to go by their manifests.</param>
internal sealed class RangeReader(Lake lake, ITopicLog? topics)
{
    /// <summary>Reads the ranges of all domains.</summary>
    /// <param name="accounts">What the lake says of itself.</param>
    /// <param name="audited">The emulations that are looked at; null for all.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidRequestException">The lake has no such emulation.</exception>
    public async Task<IReadOnlyList<DomainRanges>> ReadAsync(LakeAccounts accounts, IReadOnlyCollection<Guid>? audited, CancellationToken cancellationToken)
    {
        RefuseUnknown(accounts, audited);
        List<DomainRanges> domains = [];
        foreach (Domain domain in Domain.All)
        {
            List<DeliveredRange> ranges = [];
            foreach (EmulationAccount emulation in accounts.Emulations.Where(emulation => emulation.Manifest.Domain == domain.Name))
            {
                Manifest manifest = emulation.Manifest;
                bool isAudited = audited?.Contains(manifest.Id) ?? true;
                ranges.AddRange(manifest.Sync != SyncSystem.Kafka ? RangesOf(manifest, emulation.Chunks, isAudited)
                    : RangesOf(manifest, isAudited && !manifest.IsEnded ? await FindNextRowAsync(manifest, domain, cancellationToken).ConfigureAwait(false) : null, isAudited));
            }

            domains.Add(new DomainRanges(
                domain, [.. ranges.OrderBy(range => range.FirstRow).Select((range, index) => range with { Index = index })], isWhole: accounts.Unusable.Count == 0));
        }

        return domains;
    }

    private void RefuseUnknown(LakeAccounts accounts, IReadOnlyCollection<Guid>? audited)
    {
        foreach (Guid id in (audited ?? []).Where(id => accounts.Emulations.All(emulation => emulation.Manifest.Id != id) && !accounts.Unusable.Contains(id)))
        {
            string known = accounts.Emulations.Count == 0 ? "none" : string.Join(", ", accounts.Emulations.Select(emulation => emulation.Manifest.Id));
            throw new InvalidRequestException($"emulation {id}: lake '{lake.Location}' has no such emulation; it has {known}");
        }
    }

    // The manifest is written from time to time, the position with every batch.
    private async Task<long?> FindNextRowAsync(Manifest manifest, Domain domain, CancellationToken cancellationToken) =>
        topics is null ? null : await topics.FindPositionAsync(manifest.Location ?? domain.Topic, manifest.Id, cancellationToken).ConfigureAwait(false);

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

    // Emulations that go on until they are ended have several ranges, between which others' may be.
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
