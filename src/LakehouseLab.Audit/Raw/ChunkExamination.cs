using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Raw;

/// <summary>Looks record by record at one chunk that differs from the world.</summary>
/// <param name="store">The store that holds it.</param>
/// <param name="schema">The domain.</param>
/// <param name="range">The range that it belongs to.</param>
/// <param name="chunk">The chunk.</param>
/// <param name="examination">Compares records with rows.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class ChunkExamination(IObjectStore store, DomainSchema schema, DeliveredRange range, ChunkInfo chunk, RecordExamination examination, Tally tally)
{
    private readonly ChunkFormat _format = range.Manifest.ChunkFormat;
    private (RecordPlace Place, int Row)[] _places = [];
    private bool _hasFindings;

    /// <summary>Looks at the records that belong to rows of the chunk.</summary>
    /// <param name="rows">Finds rows by keys.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task ExamineOwnAsync(RecordRows rows, CancellationToken cancellationToken)
    {
        List<long> found = [];
        long line = -1;
        await ReadAsync(
            (record, offset) =>
            {
                long row = rows.Find(record);
                found.Add(row < 0 ? -1 : row - chunk.FirstRow);
                ReportBlankLines(line + 1, offset);
                line = offset;
            },
            cancellationToken).ConfigureAwait(false);
        _places = RecordAlignment.Align(found, checked((int)chunk.Rows));
        int number = 0;
        await ReadAsync((record, offset) => Examine(_places[number++], record, offset), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at the records that belong to none of its rows, once all chunks' own are known, and says what else is wrong with it.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task ExamineOthersAsync(CancellationToken cancellationToken)
    {
        if (_places.Any(place => place.Place == RecordPlace.Extra))
        {
            int number = 0;
            await ReadAsync(
                (record, offset) =>
                {
                    if (_places[number++].Place == RecordPlace.Extra)
                    {
                        tally.Find(examination.Examine(record, () => PlaceOf(offset)), 1);
                        _hasFindings = true;
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        int missing = (int)chunk.Rows - _places.Count(place => place.Row >= 0);
        examination.ReportMissing(chunk.FirstRow, chunk.EndRow, range.Index, row => PlaceOf(row - chunk.FirstRow));
        await ReportEndingAsync(cancellationToken).ConfigureAwait(false);
        if (!_hasFindings && missing == 0)
        {
            ReportBytes("the same records in other bytes");
        }
    }

    private void Examine((RecordPlace Place, int Row) place, ReadOnlySpan<byte> record, long offset)
    {
        if (place.Place == RecordPlace.Extra)
        {
            return;
        }

        long row = chunk.FirstRow + place.Row;
        tally.Find(range.Index, 1);
        if (examination.ExamineOnce(row, record, () => PlaceOf(offset)))
        {
            _hasFindings = true;
        }
        else if (place.Place == RecordPlace.Misplaced)
        {
            _hasFindings = true;
            tally.Report(FindingKind.Altered, range.Index, finding => finding with
            {
                Row = row,
                Key = examination.IdOf(row),
                Place = PlaceOf(offset),
                Column = "place",
                Expected = PlaceOf(place.Row),
                Found = PlaceOf(offset),
                Cause = "the record itself is as it should be, and was moved",
            });
        }
    }

    private void ReportBlankLines(long first, long end)
    {
        if (_format.Format == RecordFormat.Json && first < end)
        {
            _hasFindings = true;
            tally.Report(FindingKind.Unexpected, finding => finding with
            {
                Place = PlaceOf(first),
                Found = end - first == 1 ? "a blank line" : FormattableString.Invariant($"{end - first} blank lines"),
                Remedy = "remove it, or restore the object from a copy",
            });
        }
    }

    private async Task ReportEndingAsync(CancellationToken cancellationToken)
    {
        if (_format == ChunkFormat.Json && await store.FindAsync(chunk.Key, cancellationToken).ConfigureAwait(false) is { Length: > 0 } item
            && await ChunkEnding.DescribeAsync(store, item, cancellationToken).ConfigureAwait(false) is { } ending)
        {
            _hasFindings = true;
            ReportBytes(ending);
        }
    }

    private void ReportBytes(string found) => tally.Report(
        FindingKind.Altered,
        finding => finding with
        {
            Place = range.PlaceOf(chunk),
            Found = found,
            Cause = "the object is not the one that its manifest lists",
            Remedy = "restore it from a copy",
        });

    private string PlaceOf(long offset) => RawPlaces.Of(range.PlaceOf(chunk), offset);

    // What is left of a damaged object is looked at: that it is damaged was said when it was compared.
    private async Task ReadAsync(RecordAction take, CancellationToken cancellationToken)
    {
        try
        {
            using RecordReader records = await FormatReaders.OpenAsync(store, chunk.Key, schema, _format, cancellationToken).ConfigureAwait(false);
            while (records.TryRead(out ReadOnlySpan<byte> record))
            {
                cancellationToken.ThrowIfCancellationRequested();
                take(record, records.Offset);
            }
        }
        catch (UnreadableObjectException)
        {
            _hasFindings = true;
        }
    }

    private delegate void RecordAction(ReadOnlySpan<byte> record, long offset);
}
