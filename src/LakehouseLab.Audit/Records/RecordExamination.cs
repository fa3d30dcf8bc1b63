using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Audit.Records;

/// <summary>
/// Looks at records one by one, where comparing many at once has shown a difference: by their keys it says what became of
/// each row. Not thread-safe.
/// </summary>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="expected">The records as they should be.</param>
/// <param name="tally">Where findings go.</param>
/// <param name="isSuspect">Whether an audited row is among those looked at; the others are known to be there once and as they should be.</param>
internal sealed class RecordExamination(DomainRanges ranges, ExpectedRecords expected, Tally tally, Func<long, bool> isSuspect)
{
    private readonly SeenRows _seen = new();

    /// <summary>Looks at a record.</summary>
    /// <param name="record">Its bytes, without line feed.</param>
    /// <param name="place">Says where it lies.</param>
    /// <returns>The range that it belongs to, or -1 for a record that is unexpected.</returns>
    public int Examine(ReadOnlySpan<byte> record, Func<string> place)
    {
        RecordId? id = RecordId.TryRead(ranges.Schema, record);
        long row = id is { } read ? expected.Factory.FindRow(read.Key) : -1;
        int range = row < 0 ? -1 : ranges.Find(row);
        if (range < 0 || !ranges.Ranges[range].IsAudited)
        {
            string detail = id is null ? $"has no key that can be read: {JsonDifference.Shorten(System.Text.Encoding.UTF8.GetString(record))}"
                : row < 0 ? "no row of this world has the key"
                : range < 0 ? "a row of this world that no emulation of the lake delivered"
                : $"belongs to emulation {ranges.Ranges[range].Manifest.Id}";
            tally.Report(FindingKind.Unexpected, -1, () => new Finding(FindingKind.Unexpected, row < 0 ? null : row, id?.Text, place(), detail));
            return -1;
        }

        bool isFirst = isSuspect(row) && _seen.Add(row);
        ReadOnlySpan<byte> should = expected.Record(row);
        if (!isFirst)
        {
            string? detail = should.SequenceEqual(record) ? null : JsonDifference.Describe(should, record);
            tally.Report(FindingKind.Duplicated, range, () => new Finding(FindingKind.Duplicated, row, id!.Value.Text, place(), detail));
        }
        else if (!should.SequenceEqual(record))
        {
            string detail = JsonDifference.Describe(should, record);
            tally.Report(FindingKind.Altered, range, () => new Finding(FindingKind.Altered, row, id!.Value.Text, place(), detail));
        }

        return range;
    }

    /// <summary>Reports the rows of a span that were not met.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="endRow">The row after the last.</param>
    /// <param name="range">Their range.</param>
    /// <param name="place">Says where a row should lie.</param>
    public void ReportMissing(long firstRow, long endRow, int range, Func<long, string?> place)
    {
        for (long row = firstRow; row < endRow; row++)
        {
            if (!_seen.Contains(row))
            {
                long missing = row;
                tally.Report(FindingKind.Missing, range, () => new Finding(FindingKind.Missing, missing, expected.IdOf(missing), place(missing), null));
            }
        }
    }
}
