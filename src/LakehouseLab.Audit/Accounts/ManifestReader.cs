using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Reads the manifests of a lake with their parts. One that cannot be read is a finding, and its emulation is left out.</summary>
internal sealed class ManifestReader(Lake lake, ManifestStore manifests, AccountStore store, Tally tally)
{
    private readonly HashSet<Guid> _unread = [];

    /// <summary>Emulations of which there is a manifest that could not be read or used.</summary>
    public IReadOnlySet<Guid> Unread => _unread;

    /// <summary>Reads all of them.</summary>
    public async Task<IReadOnlyList<EmulationAccount>> ReadAsync(WorldSettings world, CancellationToken cancellationToken)
    {
        List<EmulationAccount> accounts = [];
        foreach (Manifest manifest in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
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
        IReadOnlyList<string> keys = await store.ListAsync(LakeLayout.Manifests, cancellationToken).ConfigureAwait(false);
        HashSet<Guid> named = [.. keys.Select(NameOf).OfType<Guid>()];
        foreach (Guid parts in keys.Where(key => key.IndexOf('/', LakeLayout.Manifests.Length) > 0).Select(FolderOf).OfType<Guid>().Distinct().Where(id => !named.Contains(id)))
        {
            tally.Report(FindingKind.Missing, finding => finding with { Place = LakeLayout.Manifest(parts), Cause = $"its parts lie in {LakeLayout.ManifestParts(parts)}", Remedy = "restore it from a copy" });
        }

        List<Manifest> found = [];
        foreach (Guid id in named.Order())
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

    private static Guid? NameOf(string key) =>
        key.EndsWith(".json", StringComparison.Ordinal) && Guid.TryParseExact(key[LakeLayout.Manifests.Length..^5], "D", out Guid id) ? id : null;

    private static Guid? FolderOf(string key) =>
        Guid.TryParseExact(key[LakeLayout.Manifests.Length..key.IndexOf('/', LakeLayout.Manifests.Length)], "D", out Guid id) ? id : null;
}
