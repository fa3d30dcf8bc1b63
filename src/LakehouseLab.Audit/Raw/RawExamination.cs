using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;

namespace LakehouseLab.Audit.Raw;

/// <summary>Looks record by record at the chunks that differ from the world, and at objects that are no chunks.</summary>
internal sealed class RawExamination(IObjectStore lake, ManifestStore manifests, DomainRanges ranges, Tally tally)
{
    /// <summary>Says what became of each record.</summary>
    /// <param name="different">The chunks that differ.</param>
    /// <param name="expected">The records as they should be.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task ExamineAsync(IReadOnlyList<(DeliveredRange Range, ChunkInfo Chunk)> different, ExpectedRecords expected, CancellationToken cancellationToken)
    {
        HashSet<string> keys = [.. different.Select(pair => pair.Chunk.Key)];
        RecordExamination examination = new(ranges, expected, tally, row => ChunkOf(row) is not { } chunk || keys.Contains(chunk.Key));
        foreach ((DeliveredRange range, ChunkInfo chunk) in different)
        {
            IObjectStore store = manifests.ChunksOf(range.Manifest);
            if (await store.FindAsync(chunk.Key, cancellationToken).ConfigureAwait(false) is not null)
            {
                // That it is damaged was said when it was compared.
                _ = await ReadAsync(
                    store, chunk.Key, range.Manifest.ChunkFormat, (record, offset) => tally.Find(examination.Examine(record, () => PlaceOf(range.PlaceOf(chunk), offset)), 1), cancellationToken).ConfigureAwait(false);
            }
        }

        foreach ((DeliveredRange range, ChunkInfo chunk) in different)
        {
            examination.ReportMissing(chunk.FirstRow, chunk.EndRow, range.Index, row => PlaceOf(range.PlaceOf(chunk), row - chunk.FirstRow));
        }

        ReportUnlisted(examination);
    }

    /// <summary>Counts the records of objects that are no chunk of any emulation.</summary>
    public async Task ExamineStrangersAsync(CancellationToken cancellationToken)
    {
        HashSet<string> known = [.. ranges.Ranges.SelectMany(range => range.Chunks).Select(chunk => chunk.Key)];
        await foreach (ObjectInfo item in lake.ListAsync(LakeLayout.RawOf(ranges.Schema.Domain), cancellationToken).ConfigureAwait(false))
        {
            if (known.Contains(item.Key))
            {
                continue;
            }

            string? damage = await ReadAsync(
                lake,
                item.Key,
                ChunkFormat.OfRaw(item.Key),
                (record, offset) =>
                {
                    string? id = RecordId.TryRead(ranges.Schema, record)?.Text;
                    tally.Find(-1, 1);
                    tally.Report(FindingKind.Unexpected, -1, finding => finding with { Key = id, Place = PlaceOf(item.Key, offset), Cause = "the object is not a chunk of an emulation" });
                },
                cancellationToken).ConfigureAwait(false);
            if (damage is not null)
            {
                tally.Damage(item.Key, damage);
            }
        }
    }

    private static string PlaceOf(string key, long offset) =>
        FormattableString.Invariant($"{key} {(ChunkFormat.OfRaw(key).Format == RecordFormat.Json ? "line" : "record")} {offset + 1}");

    // Gives what is left of a damaged object, and says why it is damaged.
    private async Task<string?> ReadAsync(IObjectStore store, string key, ChunkFormat format, RecordAction take, CancellationToken cancellationToken)
    {
        try
        {
            using RecordReader records = await RecordReader.OpenAsync(store, key, ranges.Schema, format, cancellationToken).ConfigureAwait(false);
            while (records.TryRead(out ReadOnlySpan<byte> record))
            {
                cancellationToken.ThrowIfCancellationRequested();
                take(record, records.Offset);
            }

            return null;
        }
        catch (LakeException exception)
        {
            return exception.Message;
        }
    }

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
                long first = row;
                tally.Report(FindingKind.Contradictory, finding => finding with
                {
                    Place = $"emulation {range.Manifest.Id}",
                    Cause = $"it is complete, but its manifest lists no chunks for rows {first} to {range.EndRow - 1}",
                });
                examination.ReportMissing(row, range.EndRow, range.Index, _ => null);
            }
        }
    }

    private ChunkInfo? ChunkOf(long row) => ranges.Ranges[ranges.Find(row)].Chunks.FirstOrDefault(chunk => row >= chunk.FirstRow && row < chunk.EndRow);

    private delegate void RecordAction(ReadOnlySpan<byte> record, long offset);
}
