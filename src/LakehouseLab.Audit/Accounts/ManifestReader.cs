using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Reads the manifests of a lake with their parts. One that cannot be read is a finding, and its emulation is left out.</summary>
internal sealed class ManifestReader(Lake lake, ManifestStore manifests, Tally tally)
{
    private readonly HashSet<Guid> _unread = [];

    /// <summary>Emulations of which there is a manifest that could not be read or used.</summary>
    public IReadOnlySet<Guid> Unread => _unread;

    /// <summary>Reads all of them.</summary>
    public async Task<IReadOnlyList<EmulationAccount>> ReadAsync(WorldSettings world, CancellationToken cancellationToken)
    {
        List<EmulationAccount> accounts = [];
        foreach (Manifest listed in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            Manifest manifest = listed;
            tally.Expected++;
            tally.Find(-1, 1);
            ManifestCheck check = new(manifest, tally);
            if (!check.IsUsable(world))
            {
                _unread.Add(manifest.Id);
                continue;
            }

            if (manifest.Sync == SyncSystem.Kafka)
            {
                check.CheckMessages();
                accounts.Add(new EmulationAccount(manifest, []));
            }
            else if (await FindChunksAsync(manifest, cancellationToken).ConfigureAwait(false) is { } chunks)
            {
                if (Outruns(chunks, manifest))
                {
                    manifest = await ReadRangesAsync(manifest, cancellationToken).ConfigureAwait(false);
                    check = new ManifestCheck(manifest, tally);
                    if (!check.IsUsable(world))
                    {
                        _unread.Add(manifest.Id);
                        continue;
                    }
                }

                Manifest believed = check.Believe(chunks);
                IReadOnlyList<ChunkInfo> followed = new ManifestCheck(believed, tally).Follow(chunks);
                if (believed.IsEnded && followed.Sum(chunk => chunk.Rows) < believed.Ranges.Sum(range => range.Rows))
                {
                    // Which object holds which rows is not known: that parts are gone or contradict each other was told.
                    _unread.Add(manifest.Id);
                }

                accounts.Add(new EmulationAccount(believed, followed));
            }
        }

        return [.. accounts.OrderBy(account => account.Manifest.Domain, StringComparer.Ordinal).ThenBy(account => account.Manifest.FirstRow)];
    }

    private async Task<IReadOnlyList<Manifest>> ListAsync(CancellationToken cancellationToken)
    {
        ManifestFolder folder = await ManifestFolder.ListAsync(lake.Store, cancellationToken).ConfigureAwait(false);
        foreach (Guid parts in folder.WithoutManifest)
        {
            tally.Report(FindingKind.Missing, finding => finding with { Place = LakeLayout.Manifest(parts), Cause = $"its parts are in {LakeLayout.ManifestParts(parts)}", Remedy = "restore it from a copy" });
        }

        List<Manifest> found = [];
        foreach (Guid id in folder.Emulations.Order())
        {
            try
            {
                if (await manifests.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } manifest)
                {
                    found.AddRange(IsNamedAfter(manifest, id) ? [manifest] : []);
                }
            }
            catch (LakeException exception)
            {
                _unread.Add(id);
                tally.Damage(LakeLayout.Manifest(id), Shorten(exception), "restore it from a copy: the records of its emulation are not compared meanwhile");
            }
        }

        return found;
    }

    private bool IsNamedAfter(Manifest manifest, Guid id)
    {
        if (manifest.Id != id)
        {
            _unread.Add(id);
            tally.Report(FindingKind.Contradictory, finding => finding with { Place = LakeLayout.Manifest(id), Column = "id", Expected = $"{id}", Found = $"{manifest.Id}", Remedy = "restore it from a copy" });
        }

        return manifest.Id == id;
    }

    // One that goes on until it is ended claims more rows as it goes: its parts, which are read later, may know of them first.
    private static bool Outruns(IReadOnlyList<ChunkInfo> chunks, Manifest manifest) => !manifest.IsEnded && chunks.Count > 0 && chunks[^1].EndRow > manifest.EndRow;

    private async Task<Manifest> ReadRangesAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await manifests.FindAsync(manifest.Id, cancellationToken).ConfigureAwait(false) is { } later ? manifest with { Ranges = later.Ranges } : manifest;
        }
        catch (LakeException)
        {
            // The one that was read first is whole, and its parts are held against it.
            return manifest;
        }
    }

    private async Task<IReadOnlyList<ChunkInfo>?> FindChunksAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await manifests.ListDeliveredAsync(manifest, cancellationToken).ConfigureAwait(false);
        }
        catch (LakeException exception)
        {
            _unread.Add(manifest.Id);
            tally.Damage(LakeLayout.ManifestParts(manifest.Id), Shorten(exception), "restore it from a copy: the records of its emulation are not compared meanwhile");
            return null;
        }
    }

    private string Shorten(LakeException exception) => exception.Message.Replace($"{lake.Location}/", "", StringComparison.Ordinal);
}
