using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Holds what progress says of the objects that a Bronze table ingested against the manifests.</summary>
/// <param name="manifests">The manifests, which tell where objects are.</param>
/// <param name="emulations">The emulations that can be believed.</param>
/// <param name="unusable">Those that cannot.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class IngestionCheck(ManifestStore manifests, IReadOnlyList<EmulationAccount> emulations, IReadOnlySet<Guid> unusable, Tally tally)
{
    private const string Restore = "restore the one that was changed or lost from a copy";

    private readonly Dictionary<string, (Manifest Manifest, ChunkInfo Chunk)> _listed = emulations
        .SelectMany(emulation => emulation.Chunks.Select(chunk => (emulation.Manifest, Chunk: chunk)))
        .DistinctBy(pair => pair.Chunk.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Chunk.Key, StringComparer.Ordinal);

    private readonly HashSet<Guid> _known = [.. emulations.Select(emulation => emulation.Manifest.Id)];

    /// <summary>Reports what does not fit together.</summary>
    /// <param name="bronze">What is recorded of the table.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task RunAsync(FlowAccount bronze, CancellationToken cancellationToken)
    {
        Dictionary<(string Key, int Ingestion), int> seen = [];
        foreach ((int number, BatchDocument batch) in bronze.Batches.Where(batch => batch.Key <= bronze.Committed + 1).OrderBy(batch => batch.Key))
        {
            foreach (WithdrawnObject withdrawn in batch.Withdrawn ?? [])
            {
                seen.Keys.Where(key => key.Key == withdrawn.Key && seen[key] == withdrawn.Batch).ToList().ForEach(key => seen.Remove(key));
            }

            string place = FormattableString.Invariant($"batch {number} in {LakeLayout.Progress}{bronze.Table}/");
            List<string> again = [];
            foreach (IngestedObject item in batch.Objects ?? [])
            {
                if (!seen.TryAdd((item.Key, item.Ingestion ?? 1), number))
                {
                    again.Add(FormattableString.Invariant($"{item.Key}, which batch {seen[(item.Key, item.Ingestion ?? 1)]} has ingested"));
                }
                else if (item.Emulation is { } emulation && !unusable.Contains(emulation))
                {
                    await CheckAsync(place, item, emulation, cancellationToken).ConfigureAwait(false);
                }
            }

            if (again.Count > 0)
            {
                string others = again.Count > 1 ? FormattableString.Invariant($", and {again.Count - 1} more") : "";
                tally.Report(FindingKind.Contradictory, finding => finding with { Place = place, Cause = $"it says again that it ingested {again[0]}{others}", Remedy = Restore });
            }
        }
    }

    private async Task CheckAsync(string place, IngestedObject item, Guid emulation, CancellationToken cancellationToken)
    {
        if (!_listed.TryGetValue(item.Key, out (Manifest Manifest, ChunkInfo Chunk) listed))
        {
            tally.Report(_known.Contains(emulation) ? FindingKind.Contradictory : FindingKind.Missing, finding => finding with
            {
                Place = LakeLayout.Manifest(emulation),
                Cause = _known.Contains(emulation) ? $"{place} says that {item.Key} was ingested, which it does not list" : $"{LakeLayout.Progress} says that objects of it were ingested",
                Remedy = Restore,
            });
        }
        else if (emulation != listed.Manifest.Id)
        {
            Contradict(place, item, "emulation", $"{listed.Manifest.Id}", $"{emulation}");
        }
        else if (listed.Chunk.Checksum.Length > 0 && (item.Length != listed.Chunk.Bytes || (item.Checksum ?? listed.Chunk.Checksum) != listed.Chunk.Checksum)
            && await IsAsListedAsync(listed.Manifest, listed.Chunk, cancellationToken).ConfigureAwait(false))
        {
            bool isLength = item.Length != listed.Chunk.Bytes;
            Contradict(place, item, isLength ? "length" : "checksum", isLength ? FormattableString.Invariant($"{listed.Chunk.Bytes}") : listed.Chunk.Checksum, isLength ? FormattableString.Invariant($"{item.Length}") : item.Checksum!);
        }
    }

    // An object that was changed before it was ingested is told of where it is.
    private async Task<bool> IsAsListedAsync(Manifest manifest, ChunkInfo chunk, CancellationToken cancellationToken)
    {
        IObjectStore store = manifests.ChunksOf(manifest);
        return await store.FindAsync(chunk.Key, cancellationToken).ConfigureAwait(false) is { } now
            && now.Length == chunk.Bytes
            && await RawChecksum.OfAsync(store, chunk.Key, cancellationToken).ConfigureAwait(false) == chunk.Checksum;
    }

    private void Contradict(string place, IngestedObject item, string column, string expected, string found) => tally.Report(FindingKind.Contradictory, finding => finding with
    {
        Place = place,
        Column = column,
        Expected = expected,
        Found = found,
        Cause = $"the manifest that lists {item.Key} says otherwise",
        Remedy = Restore,
    });
}
