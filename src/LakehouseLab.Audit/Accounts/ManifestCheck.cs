using System.Globalization;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

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
        if (DomainSchemas.Find(manifest.Domain) is null)
        {
            tally.Damage(Place, $"there is no domain '{manifest.Domain}'", "restore it from a copy, or use a newer program if a newer one wrote it");
            return false;
        }

        if (ChunkFormat.TryParse(manifest.Format, manifest.Compression) is null)
        {
            tally.Damage(Place, $"there is no format '{manifest.Format}' with compression '{manifest.Compression}'", "restore it from a copy, or use a newer program if a newer one wrote it");
            return false;
        }

        if (manifest.World != world)
        {
            Contradict($"it names another world than {LakeLayout.World}");
        }

        long end = 0;
        foreach (ManifestRange range in manifest.Ranges)
        {
            if (range.FirstRow < end || range.Rows < 0)
            {
                tally.Damage(Place, FormattableString.Invariant($"its range of {range.Rows} rows from {range.FirstRow} on does not follow the one before it"), "restore it from a copy");
                return false;
            }

            end = range.EndRow;
        }

        return manifest.Ranges.Count > 0;
    }

    /// <summary>Holds the numbers of an emulation that delivers messages against each other.</summary>
    public void CheckMessages()
    {
        if (manifest.IsEnded && manifest.DeliveredRows != Rows)
        {
            Contradict("it has ended, and its ranges are not what it says that it delivered", "delivered_rows", Rows, manifest.DeliveredRows);
        }
    }

    /// <summary>Holds its chunks against each other and against its numbers.</summary>
    /// <param name="chunks">The chunks that its parts list, by number.</param>
    /// <returns>The chunks with rows that can be: each ends where the next begins.</returns>
    public IReadOnlyList<ChunkInfo> Follow(IReadOnlyList<ChunkInfo> chunks)
    {
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

        CheckTotals(chunks);
        row = manifest.NextAfter(row);
        if (manifest.IsEnded && number == manifest.Chunks - 1)
        {
            TryAdd(followed, Unlisted(number, row, EndOf(row)), ref row);
        }

        return followed;
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

        string key = KeyOf(chunk.Number, row);
        if (key != chunk.Key)
        {
            tally.Report(FindingKind.Contradictory, finding => finding with { Place = PartOf(chunk.Number), Column = "key", Expected = key, Found = chunk.Key, Remedy = Restore });
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
    private ChunkInfo Unlisted(int number, long row, long end) => new(KeyOf(number, row), number, row, Math.Min(end, EndOf(row)) - row, 0, "");

    private string KeyOf(int number, long row) => LakeLayout.Chunk(manifest.Domain, manifest.Id, number, row, manifest.ChunkFormat.Extension);

    private void CheckTotals(IReadOnlyList<ChunkInfo> chunks)
    {
        int count = chunks.Count == 0 ? 0 : chunks[^1].Number + 1;
        (string Name, long Listed, long Said)[] totals =
        [
            ("chunks", count, manifest.Chunks),
            ("delivered_rows", chunks.Sum(chunk => chunk.Rows), manifest.DeliveredRows),
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
                Contradict(Place, $"the parts in {LakeLayout.ManifestParts(manifest.Id)}", name, listed, said);
            }
        }

        if (manifest.IsEnded && count == manifest.Chunks && manifest.DeliveredRows != Rows)
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
    private static long StartOf(ChunkInfo chunk)
    {
        string name = chunk.Key[(chunk.Key.LastIndexOf('/') + 1)..];
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        int point = name.IndexOf('.', StringComparison.Ordinal);
        return dash > 0 && point > dash && long.TryParse(name.AsSpan(dash + 1, point - dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long row) ? row : chunk.FirstRow;
    }

    private long EndOf(long row) => manifest.Ranges.FirstOrDefault(range => range.FirstRow <= row && row < range.EndRow)?.EndRow ?? row;

    private string PartOf(int number) => LakeLayout.ManifestPart(manifest.Id, number);
}
