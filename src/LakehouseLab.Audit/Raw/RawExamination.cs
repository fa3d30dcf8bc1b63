using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Raw;

/// <summary>Looks record by record at the chunks that differ from the world.</summary>
internal sealed class RawExamination(ManifestStore manifests, DomainRanges ranges, Tally tally)
{
    /// <summary>Says what became of each record.</summary>
    /// <param name="different">The chunks that differ.</param>
    /// <param name="expected">The records as they should be.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task ExamineAsync(IReadOnlyList<(DeliveredRange Range, ChunkInfo Chunk)> different, ExpectedRecords expected, CancellationToken cancellationToken)
    {
        HashSet<string> keys = [.. different.Select(pair => pair.Chunk.Key)];
        RecordExamination examination = new(ranges, expected, tally, row => ChunkOf(row) is not { } chunk || keys.Contains(chunk.Key));
        RecordRows rows = new(expected.Factory);
        List<ChunkExamination> chunks = [];
        foreach ((DeliveredRange range, ChunkInfo chunk) in different)
        {
            IObjectStore store = manifests.ChunksOf(range.Manifest);
            if (await store.FindAsync(chunk.Key, cancellationToken).ConfigureAwait(false) is null)
            {
                ReportLost(range, chunk);
                continue;
            }

            ChunkExamination own = new(store, ranges.Schema, range, chunk, examination, tally);
            await own.ExamineOwnAsync(rows, cancellationToken).ConfigureAwait(false);
            chunks.Add(own);
        }

        foreach (ChunkExamination chunk in chunks)
        {
            await chunk.ExamineOthersAsync(cancellationToken).ConfigureAwait(false);
        }

        ReportUnlisted(examination);
    }

    private void ReportLost(DeliveredRange range, ChunkInfo chunk) => tally.Report(
        FindingKind.Missing,
        range.Index,
        finding => finding with
        {
            Place = range.PlaceOf(chunk),
            Expected = FormattableString.Invariant($"rows {chunk.FirstRow} to {chunk.EndRow - 1}"),
            Cause = $"the object is gone, and the manifest of emulation {range.Manifest.Id} lists it",
            Remedy = "restore it from a copy",
        },
        chunk.Rows);

    // Rows of a complete emulation that no chunk is listed for: what is wrong with the parts was said of the lake.
    private void ReportUnlisted(RecordExamination examination)
    {
        foreach (DeliveredRange range in ranges.Ranges.Where(range => range.IsAudited))
        {
            long row = range.FirstRow;
            foreach (ChunkInfo chunk in range.Chunks)
            {
                examination.ReportMissing(row, chunk.FirstRow, range.Index, _ => null);
                row = chunk.EndRow;
            }

            if (row < range.EndRow)
            {
                long first = row;
                tally.Report(FindingKind.Contradictory, finding => finding with
                {
                    Place = $"emulation {range.Manifest.Id}",
                    Cause = FormattableString.Invariant($"it is complete, but its manifest lists no chunks for rows {first} to {range.EndRow - 1}"),
                    Remedy = "restore the parts of its manifest from a copy",
                });
                examination.ReportMissing(row, range.EndRow, range.Index, _ => null);
            }
        }
    }

    private ChunkInfo? ChunkOf(long row) => ranges.Ranges[ranges.Find(row)].Chunks.FirstOrDefault(chunk => row >= chunk.FirstRow && row < chunk.EndRow);
}
