using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Destinations;

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
    /// <param name="place">Says where it is.</param>
    /// <param name="mayRepeat">Whether its place may hold an equal record again, as at_least_once permits.</param>
    /// <param name="beside">What differs beside the record; null for nothing.</param>
    /// <returns>The range that it belongs to, or -1 for a record that is unexpected.</returns>
    public int Examine(ReadOnlySpan<byte> record, Func<string> place, bool mayRepeat = false, IReadOnlyCollection<ColumnDifference>? beside = null)
    {
        RecordId? id = RecordId.TryRead(ranges.Domain.Key, record);
        long row = id is { } read ? expected.Factory.FindRow(read.Key) : -1;
        int range = row < 0 ? -1 : ranges.Find(row);
        if (range < 0 || !ranges.Ranges[range].IsAudited)
        {
            string cause = id is null ? "it has no key that can be read"
                : row < 0 ? "no row of this world has the key"
                : range < 0 ? ranges.StrangeCause(row)
                : $"belongs to emulation {ranges.Ranges[range].Manifest.Id}";
            string? unreadable = id is null ? JsonDifference.Shorten(record) : null;
            tally.Report(FindingKind.Unexpected, -1, finding => finding with { Row = row < 0 ? null : row, Key = id?.Text, Place = place(), Found = unreadable, Cause = cause });
            return -1;
        }

        return ExamineRow(row, record, place, mayRepeat, beside);
    }

    /// <summary>Looks at a record of which is known otherwise which audited row it is.</summary>
    /// <param name="row">The row.</param>
    /// <param name="record">Its bytes, without line feed.</param>
    /// <param name="place">Says where it is.</param>
    /// <param name="mayRepeat">Whether its place may hold an equal record again, as at_least_once permits.</param>
    /// <param name="beside">What differs beside the record; null for nothing.</param>
    /// <returns>The range that it belongs to.</returns>
    public int ExamineRow(long row, ReadOnlySpan<byte> record, Func<string> place, bool mayRepeat, IReadOnlyCollection<ColumnDifference>? beside = null)
    {
        int range = ranges.Find(row);
        bool isFirst = isSuspect(row) && _seen.Add(row);
        bool isEqual = expected.Record(row).SequenceEqual(record);
        if (!isFirst && isEqual && mayRepeat && ranges.Ranges[range].Manifest.Delivery == DeliveryGuarantee.AtLeastOnce)
        {
            tally.Permit(range, finding => finding with { Row = row, Key = expected.IdOf(row), Place = place(), Cause = "at_least_once permits it" });
        }
        else if (isFirst && isEqual && beside is { Count: > 0 })
        {
            tally.Report(FindingKind.Altered, range, finding => (finding with { Row = row, Key = expected.IdOf(row), Place = place() }).With(beside));
        }
        else if (!isFirst || !isEqual)
        {
            FindingKind kind = isFirst ? FindingKind.Altered : FindingKind.Duplicated;
            byte[] found = tally.WantsExample(kind) ? record.ToArray() : [];
            tally.Report(kind, range, finding => JsonDifference.Describe(finding with { Row = row, Key = expected.IdOf(row), Place = place() }, expected.Record(row), found));
        }

        return range;
    }

    /// <summary>Looks at a record that stands for an audited row which was not met yet.</summary>
    /// <returns>Whether anything is wrong with it.</returns>
    public bool ExamineOnce(long row, ReadOnlySpan<byte> record, Func<string> place)
    {
        bool isEqual = expected.Record(row).SequenceEqual(record);
        ExamineRow(row, record, place, mayRepeat: false);
        return !isEqual;
    }

    /// <summary>A delivered row's key as a person reads it.</summary>
    public string IdOf(long row) => expected.IdOf(row);

    /// <summary>Reports the rows of a span that were not met.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="endRow">The row after the last.</param>
    /// <param name="range">Their range.</param>
    /// <param name="place">Says where a row should be.</param>
    public void ReportMissing(long firstRow, long endRow, int range, Func<long, string?> place)
    {
        for (long row = firstRow; row < endRow; row++)
        {
            if (!_seen.Contains(row))
            {
                long missing = row;
                tally.Report(FindingKind.Missing, range, finding => finding with { Row = missing, Key = expected.IdOf(missing), Place = place(missing) });
            }
        }
    }
}
