using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;

namespace LakehouseLab.Audit.Raw;

/// <summary>Looks record by record at the chunks that differ from the world, and at objects that are no chunks.</summary>
internal sealed class RawExamination(IObjectStore store, DomainRanges ranges, Tally tally)
{
    /// <summary>Says what became of each record.</summary>
    /// <param name="different">The chunks that differ.</param>
    /// <param name="expected">The records as they should be.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task ExamineAsync(IReadOnlyList<(DeliveredRange Range, ChunkInfo Chunk)> different, ExpectedRecords expected, CancellationToken cancellationToken)
    {
        HashSet<string> keys = [.. different.Select(pair => pair.Chunk.Key)];
        RecordExamination examination = new(ranges, expected, tally, row => ChunkOf(row) is not { } chunk || keys.Contains(chunk.Key));
        foreach ((_, ChunkInfo chunk) in different)
        {
            if (await store.FindAsync(chunk.Key, cancellationToken).ConfigureAwait(false) is not null)
            {
                await foreach ((ReadOnlyMemory<byte> record, long line) in RawLines.ReadAsync(store, chunk.Key, cancellationToken).ConfigureAwait(false))
                {
                    tally.Find(examination.Examine(record.Span, () => PlaceOf(chunk.Key, line)), 1);
                }
            }
        }

        foreach ((DeliveredRange range, ChunkInfo chunk) in different)
        {
            examination.ReportMissing(chunk.FirstRow, chunk.EndRow, range.Index, row => PlaceOf(chunk.Key, row - chunk.FirstRow));
        }

        ReportUnlisted(examination);
    }

    /// <summary>Counts the records of objects that are no chunk of any emulation.</summary>
    public async Task ExamineStrangersAsync(CancellationToken cancellationToken)
    {
        HashSet<string> known = [.. ranges.Ranges.SelectMany(range => range.Chunks).Select(chunk => chunk.Key)];
        await foreach (ObjectInfo item in store.ListAsync(LakeLayout.RawOf(ranges.Schema.Domain), cancellationToken).ConfigureAwait(false))
        {
            if (known.Contains(item.Key))
            {
                continue;
            }

            await foreach ((ReadOnlyMemory<byte> record, long line) in RawLines.ReadAsync(store, item.Key, cancellationToken).ConfigureAwait(false))
            {
                string? id = RecordId.TryRead(ranges.Schema, record.Span)?.Text;
                tally.Find(-1, 1);
                tally.Report(FindingKind.Unexpected, -1, () => new Finding(FindingKind.Unexpected, null, id, PlaceOf(item.Key, line), "the object is no chunk of an emulation"));
            }
        }
    }

    private static string PlaceOf(string key, long line) => FormattableString.Invariant($"{key} line {line + 1}");

    // Rows of a complete emulation that no chunk is listed for.
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
                tally.Damage($"emulation {range.Manifest.Id} is complete, but its manifest lists no chunks for rows {row} to {range.EndRow - 1}");
                examination.ReportMissing(row, range.EndRow, range.Index, _ => null);
            }
        }
    }

    private ChunkInfo? ChunkOf(long row) => ranges.Ranges[ranges.Find(row)].Chunks.FirstOrDefault(chunk => row >= chunk.FirstRow && row < chunk.EndRow);
}
