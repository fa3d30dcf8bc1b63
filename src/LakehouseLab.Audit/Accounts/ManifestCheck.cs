using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Holds a manifest against itself and against its parts.</summary>
internal sealed class ManifestCheck(Manifest manifest, Tally tally)
{
    private const string Restore = "restore the one that was changed from a copy";

    private string Place => LakeLayout.Manifest(manifest.Id);

    private long Rows => manifest.Ranges.Sum(range => range.Rows);

    /// <summary>Whether it says what can be: a domain and format that there are, the lake's world, ranges that follow each other.</summary>
    public bool IsUsable(WorldSettings world)
    {
        if (Domain.Find(manifest.Domain) is null)
        {
            tally.Damage(Place, $"there is no domain '{manifest.Domain}'", "restore it from a copy, or use a newer program if a newer one wrote it");
            return false;
        }

        if (ChunkFormat.TryParse(manifest.Format, manifest.Compression) is null)
        {
            tally.Damage(Place, $"there is no format '{manifest.Format}' with compression '{manifest.Compression}'", "restore it from a copy, or use a newer program if a newer one wrote it");
            return false;
        }

        if (!IsOfSystem())
        {
            Contradict("its system, place and guarantee do not belong together: objects have no guarantee, and topics no chunks", "sync");
            return false;
        }

        if (manifest.World != world)
        {
            Contradict($"it names another world than {LakeLayout.World}");
        }

        return AreRanges();
    }

    private bool AreRanges()
    {
        long end = 0;
        foreach (ManifestRange range in manifest.Ranges)
        {
            if (range.FirstRow < end || range.Rows < 0 || range.Rows > RowSelection.MaxRow - range.FirstRow)
            {
                tally.Damage(Place, FormattableString.Invariant($"its range of {range.Rows} rows from {range.FirstRow} on cannot be, or does not follow the one before it"), "restore it from a copy");
                return false;
            }

            end = range.EndRow;
        }

        if (manifest.Ranges.Count == 0)
        {
            tally.Damage(Place, "it has no ranges", "restore it from a copy");
        }

        return manifest.Ranges.Count > 0;
    }

    private bool IsOfSystem() => manifest.Sync == SyncSystem.Kafka
        ? manifest.Chunks == 0
        : manifest.Delivery is null && (manifest.Sync == SyncSystem.Local || manifest.Location is not null);

    /// <summary>Holds the numbers of an emulation that delivers messages against each other.</summary>
    public void CheckMessages()
    {
        if (manifest.IsEnded && manifest.DeliveredRows != Rows)
        {
            Contradict("it has ended, and its ranges are not what it says that it delivered", "delivered_rows", Rows, manifest.DeliveredRows);
        }
    }

    /// <summary>The manifest as it can be believed: where all parts agree with each other, with their keys and with its totals, and not with
    /// its domain, format or ranges, these were changed.</summary>
    /// <param name="chunks">The chunks that its parts list, by number.</param>
    public Manifest Believe(IReadOnlyList<ChunkInfo> chunks)
    {
        bool isWhole = manifest.IsEnded && chunks.Count > 0 && chunks.Count == manifest.Chunks
            && chunks.Sum(chunk => chunk.Rows) == manifest.DeliveredRows && chunks.Sum(chunk => chunk.Bytes) == manifest.DeliveredBytes;
        Manifest named = isWhole ? NamedBy(chunks[0].Key) : manifest;
        if (!isWhole || new ManifestCheck(named, tally).RangesOf(chunks) is not { } listed)
        {
            return manifest;
        }

        Compare("domain", named.Domain, manifest.Domain);
        Compare("format", named.ChunkFormat.Extension, manifest.ChunkFormat.Extension);
        if (listed.SequenceEqual(manifest.Ranges))
        {
            return named;
        }

        Compare("ranges", TextOf(listed), TextOf(manifest.Ranges));
        return named with { Ranges = listed };
    }

    // The rows of chunks whose parts agree with each other; null where they do not.
    private List<ManifestRange>? RangesOf(IReadOnlyList<ChunkInfo> chunks)
    {
        long end = 0;
        List<ManifestRange> ranges = [];
        for (int number = 0; number < chunks.Count; number++)
        {
            ChunkInfo chunk = chunks[number];
            if (chunk.Number != number || chunk.Rows <= 0 || chunk.FirstRow < end || chunk.Key != manifest.KeyOf(number, chunk.FirstRow))
            {
                return null;
            }

            if (ranges.Count > 0 && chunk.FirstRow == end)
            {
                ranges[^1] = ranges[^1] with { Rows = ranges[^1].Rows + chunk.Rows };
            }
            else
            {
                ranges.Add(new ManifestRange(chunk.FirstRow, chunk.Rows));
            }

            end = chunk.EndRow;
        }

        return ranges;
    }

    // A chunk's key has the domain and the format.
    private Manifest NamedBy(string key) =>
        ChunkKey.TryParse(key) is { } chunk && Domain.Find(chunk.Domain) is not null && ChunkFormat.TryOfExtension(key) is { } format
            ? manifest with { Domain = chunk.Domain, Format = format.Name, Compression = format.CompressionName }
            : manifest;

    private void Compare(string column, string expected, string found)
    {
        if (expected != found)
        {
            tally.Report(FindingKind.Contradictory, finding => finding with
            {
                Place = Place,
                Column = column,
                Expected = expected,
                Found = found,
                Cause = $"the parts in {LakeLayout.ManifestParts(manifest.Id)} say otherwise",
                Remedy = Restore,
            });
        }
    }

    private static string TextOf(IEnumerable<ManifestRange> ranges) =>
        string.Join(", ", ranges.Select(range => FormattableString.Invariant($"rows {range.FirstRow}–{range.EndRow - 1}")));

    /// <summary>Holds its chunks against each other and against its numbers.</summary>
    /// <param name="chunks">The chunks that its parts list, by number.</param>
    /// <returns>The chunks with rows that can be: each ends where the next begins.</returns>
    public IReadOnlyList<ChunkInfo> Follow(IReadOnlyList<ChunkInfo> chunks)
    {
        chunks = WithoutExtra(chunks);
        List<ChunkInfo> followed = [];
        long row = manifest.FirstRow;
        int number = 0;
        for (int at = 0; at < chunks.Count; at++, number++)
        {
            row = manifest.NextAfter(row);
            if (chunks[at].Number != number)
            {
                ReportLost(number, chunks[at].Number - 1);
                if (chunks[at].Number != number + 1 || !TryAdd(followed, Unlisted(number, row, StartOf(chunks[at])), ref row))
                {
                    break;
                }

                number++;
            }

            row = manifest.NextAfter(row);
            if (!TryAdd(followed, Check(chunks[at], at == 0 ? null : chunks[at - 1], at + 1 < chunks.Count ? chunks[at + 1] : null, row), ref row))
            {
                break;
            }
        }

        CheckTotals(chunks, followed.Sum(chunk => chunk.Rows));
        row = manifest.NextAfter(row);
        if (manifest.IsEnded && number == manifest.Chunks - 1)
        {
            TryAdd(followed, Unlisted(number, row, EndOf(row)), ref row);
        }

        return followed;
    }

    // Parts behind the last, where those before it have all rows.
    private IReadOnlyList<ChunkInfo> WithoutExtra(IReadOnlyList<ChunkInfo> chunks)
    {
        IReadOnlyList<ChunkInfo> own = [.. chunks.Where(chunk => chunk.Number < manifest.Chunks)];
        if (!manifest.IsEnded || own.Count == chunks.Count || own.Sum(chunk => chunk.Rows) != Rows)
        {
            return chunks;
        }

        foreach (ChunkInfo chunk in chunks.Skip(own.Count))
        {
            tally.Report(FindingKind.Unexpected, finding => finding with
            {
                Place = PartOf(chunk.Number),
                Cause = FormattableString.Invariant($"{Place} has {manifest.Chunks} chunks, which hold all of its rows"),
                Remedy = "remove it",
            });
        }

        return own;
    }

    // Where a chunk begins is part of its key, so that the next one's key tells where it ends.
    private ChunkInfo Check(ChunkInfo chunk, ChunkInfo? before, ChunkInfo? next, long row)
    {
        if (chunk.FirstRow != row)
        {
            Contradict(PartOf(chunk.Number), before is null ? Place : PartOf(before.Number), "first_row", row, chunk.FirstRow);
        }

        next = next?.Number == chunk.Number + 1 ? next : null;
        long rows = Math.Min(EndOf(chunk, next, row), EndOf(row)) - row;
        if (rows != chunk.Rows)
        {
            Contradict(PartOf(chunk.Number), next is null ? Place : PartOf(next.Number), "rows", rows, chunk.Rows);
        }

        string key = manifest.KeyOf(chunk.Number, row);
        if (key != chunk.Key)
        {
            tally.Report(FindingKind.Contradictory, finding => finding with { Place = PartOf(chunk.Number), Column = "key", Expected = key, Found = chunk.Key, Remedy = Restore });
        }

        if (chunk.Checksum.Length == 0)
        {
            tally.Damage(PartOf(chunk.Number), "it has no checksum", "restore it from a copy");
        }

        return chunk with { Key = key, FirstRow = row, Rows = rows };
    }

    private static bool TryAdd(List<ChunkInfo> followed, ChunkInfo chunk, ref long row)
    {
        if (chunk.Rows <= 0)
        {
            return false;
        }

        followed.Add(chunk);
        row = chunk.EndRow;
        return true;
    }

    // A chunk whose part is gone: its neighbours tell its rows, and nobody its checksum.
    private ChunkInfo Unlisted(int number, long row, long end) => new(manifest.KeyOf(number, row), number, row, Math.Min(end, EndOf(row)) - row, 0, "");

    private void CheckTotals(IReadOnlyList<ChunkInfo> chunks, long rows)
    {
        int count = chunks.Count == 0 ? 0 : chunks[^1].Number + 1;
        (string Name, long Listed, long Said)[] totals =
        [
            ("chunks", count, manifest.Chunks),
            ("delivered_rows", rows, manifest.DeliveredRows),
            ("delivered_bytes", chunks.Sum(chunk => chunk.Bytes), manifest.DeliveredBytes),
        ];
        if (count < manifest.Chunks)
        {
            ReportLost(count, manifest.Chunks - 1);
        }
        else if (manifest.IsEnded && count == chunks.Count)
        {
            // What was not written last says less than the parts beside it.
            foreach ((string name, long listed, long said) in totals.Where(total => total.Listed != total.Said))
            {
                Contradict(Place, $"its list of parts in {LakeLayout.ManifestParts(manifest.Id)}", name, listed, said);
            }
        }

        if (manifest.IsEnded && count == manifest.Chunks && manifest.DeliveredRows == rows && rows != Rows)
        {
            Contradict("it has ended, and its ranges are not what it says that it delivered", "delivered_rows", Rows, manifest.DeliveredRows);
        }
    }

    private void ReportLost(int first, int last) => tally.Report(FindingKind.Missing, finding => finding with
    {
        Place = PartOf(first),
        Cause = first >= last ? $"{Place} has it" : $"{Place} has it, and those up to {last}",
        Remedy = "restore it from a copy",
    });

    private void Contradict(string place, string other, string column, long expected, long found) => tally.Report(FindingKind.Contradictory, finding => finding with
    {
        Place = place,
        Column = column,
        Expected = FormattableString.Invariant($"{expected}"),
        Found = FormattableString.Invariant($"{found}"),
        Cause = $"{other} says otherwise",
        Remedy = Restore,
    });

    private void Contradict(string cause, string? column = null, long? expected = null, long? found = null) => tally.Report(FindingKind.Contradictory, finding => finding with
    {
        Place = Place,
        Column = column,
        Expected = expected is null ? null : FormattableString.Invariant($"{expected}"),
        Found = found is null ? null : FormattableString.Invariant($"{found}"),
        Cause = cause,
        Remedy = Restore,
    });

    private long EndOf(ChunkInfo chunk, ChunkInfo? next, long row) =>
        next is not null && StartOf(next) > row ? StartOf(next)
        : manifest.IsEnded && chunk.Number == manifest.Chunks - 1 ? EndOf(row)
        : row + Math.Max(0, chunk.Rows);

    // The key, which the object has too, tells more surely than the part where a chunk begins.
    private static long StartOf(ChunkInfo chunk) => ChunkKey.TryParse(chunk.Key)?.FirstRow ?? chunk.FirstRow;

    private long EndOf(long row) => manifest.Ranges.FirstOrDefault(range => range.FirstRow <= row && row < range.EndRow)?.EndRow ?? row;

    private string PartOf(int number) => LakeLayout.ManifestPart(manifest.Id, number);
}
