using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Raw;

/// <summary>Counts the records of objects that are not a chunk of any emulation, and names those that changed after their ingestion.</summary>
/// <param name="lake">The lake's objects.</param>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="ingested">The objects of others that Bronze ingested, as they were the last time, by key.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class StrangerExamination(IObjectStore lake, DomainRanges ranges, IReadOnlyDictionary<string, IngestedObject> ingested, Tally tally)
{
    /// <summary>Looks at all of them.</summary>
    public async Task ExamineAsync(CancellationToken cancellationToken)
    {
        string prefix = LakeLayout.RawOf(ranges.Schema.Name);
        LaterChunks later = new(lake, ranges);
        HashSet<string> known = [.. ranges.Ranges.SelectMany(range => range.Chunks).Select(chunk => chunk.Key)];
        await foreach (ObjectInfo item in lake.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            // What Bronze does not ingest holds no records to anybody.
            if (known.Contains(item.Key) || RawNames.IsIgnored(item.Key[prefix.Length..]) || ChunkFormat.TryOfExtension(item.Key) is null
                || await later.HasAsync(item.Key, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            await CompareAsync(item, cancellationToken).ConfigureAwait(false);
            await CountAsync(item, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CompareAsync(ObjectInfo item, CancellationToken cancellationToken)
    {
        if (!ingested.TryGetValue(item.Key, out IngestedObject? before))
        {
            return;
        }

        RawObject was = new(before.Key, before.Length, "", null) { Checksum = before.Checksum, Modified = before.Modified, Ingestion = before.Ingestion };
        RawChange change = new(was, item);
        if (RawChange.IsPossible(was, item) && await change.IsOfContentAsync(lake, cancellationToken).ConfigureAwait(false))
        {
            tally.Report(FindingKind.Altered, finding => finding with
            {
                Place = item.Key,
                Expected = FormattableString.Invariant($"{before.Length} bytes, as they were ingested"),
                Found = FormattableString.Invariant($"{item.Length} bytes"),
                Cause = "the object changed after its ingestion",
                Remedy = FormattableString.Invariant($"restore it from a copy, or run lakelab pipeline run --reingest, which ingests its new content as {(was with { Ingestion = change.NextIngestion }).Source}"),
            });
        }
    }

    private async Task CountAsync(ObjectInfo item, CancellationToken cancellationToken)
    {
        try
        {
            using RecordReader records = await FormatReaders.OpenAsync(lake, item.Key, ranges.Schema, ChunkFormat.OfRaw(item.Key), cancellationToken).ConfigureAwait(false);
            while (records.TryRead(out ReadOnlySpan<byte> record))
            {
                cancellationToken.ThrowIfCancellationRequested();
                string? id = tally.WantsExample(FindingKind.Unexpected) ? RecordId.TryRead(ranges.Domain.Key, record)?.Text : null;
                string place = RawPlaces.Of(item.Key, records.Offset);
                tally.Find(-1, 1);
                tally.Report(FindingKind.Unexpected, -1, finding => finding with { Key = id, Place = place, Cause = "the object is not a chunk of an emulation" });
            }
        }
        catch (UnreadableObjectException exception)
        {
            tally.Damage(item.Key, exception.Message);
        }
    }
}
