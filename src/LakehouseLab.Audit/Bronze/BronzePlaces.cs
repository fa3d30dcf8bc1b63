using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Audit.Bronze;

/// <summary>
/// Looks at where records say that they were received from, when all that differ are known. Where a chunk's records are all there once, each must be
/// on its own line; where some are lost or there again, the lines behind them are others, and only their order is looked at. Not thread-safe.
/// </summary>
internal sealed class BronzePlaces(ChunkIndex chunks, ExpectedRecords expected, Tally tally)
{
    private readonly Dictionary<int, List<Place>> _places = [];
    private readonly Dictionary<int, int> _others = [];

    /// <summary>Adds a record of an object.</summary>
    /// <param name="row">The row of the domain that it is.</param>
    /// <param name="source">Number of the chunk that it names, negative for none.</param>
    /// <param name="offset">The line that it names.</param>
    /// <param name="describe">Says where it is stored and which source it names.</param>
    public void Add(long row, int source, long offset, Func<(string Place, string Source)> describe)
    {
        int chunk = chunks.Find(row);
        if (chunk < 0)
        {
            return;
        }

        if (source != chunk)
        {
            (string place, string named) = describe();
            AddOther(source);
            tally.Report(FindingKind.Altered, chunks.Chunks[chunk].Range, finding => finding with
            {
                Row = row, Key = expected.IdOf(row), Place = place, Column = "_source", Expected = chunks.Chunks[chunk].Chunk.Key, Found = named, Cause = "the record was received from another object",
            });
            return;
        }

        if (!_places.TryGetValue(chunk, out List<Place>? places))
        {
            places = [];
            _places.Add(chunk, places);
        }

        places.Add(new Place(row, offset, describe));
    }

    /// <summary>Counts a record that names a chunk and is none of its rows.</summary>
    public void AddOther(int source) => _others[source] = _others.GetValueOrDefault(source) + 1;

    /// <summary>Reports the records that are in others' places.</summary>
    /// <param name="comparison">Which rows were looked at.</param>
    public void Report(BlockComparison comparison)
    {
        foreach ((int chunk, List<Place> places) in _places)
        {
            (int range, ChunkInfo info) = chunks.Chunks[chunk];
            long looked = comparison.Differing().Sum(span => Math.Max(0, Math.Min(span.EndRow, info.EndRow) - Math.Max(span.FirstRow, info.FirstRow)));
            bool isWhole = !_others.ContainsKey(chunk) && places.Count == looked && places.DistinctBy(place => place.Row).Count() == looked;
            foreach (Place place in isWhole ? places.Where(place => place.Offset != place.Row - info.FirstRow) : OutOfOrder(places))
            {
                tally.Report(FindingKind.Altered, range, finding => finding with
                {
                    Row = place.Row,
                    Key = expected.IdOf(place.Row),
                    Place = place.Describe().Place,
                    Column = "_offset",
                    Expected = isWhole ? FormattableString.Invariant($"{place.Row - info.FirstRow}") : null,
                    Found = FormattableString.Invariant($"{place.Offset}"),
                    Cause = isWhole ? "the record was received on another line" : "the record is not in the order of its object",
                });
            }
        }
    }

    // All but a longest increasing sequence: as few records as can have been moved (patience sorting).
    private static IEnumerable<Place> OutOfOrder(List<Place> places)
    {
        HashSet<long> again = [.. places.GroupBy(place => place.Row).Where(same => same.Count() > 1).Select(same => same.Key)];
        List<Place> ordered = [.. places.Where(place => !again.Contains(place.Row)).OrderBy(place => place.Offset).ThenBy(place => place.Row)];
        List<int> tails = [];
        int[] before = new int[ordered.Count];
        for (int i = 0; i < ordered.Count; i++)
        {
            (int at, int end) = (0, tails.Count);
            while (at < end)
            {
                int middle = (at + end) / 2;
                (at, end) = ordered[tails[middle]].Row > ordered[i].Row ? (at, middle) : (middle + 1, end);
            }

            before[i] = at > 0 ? tails[at - 1] : -1;
            if (at == tails.Count)
            {
                tails.Add(i);
            }
            else
            {
                tails[at] = i;
            }
        }

        HashSet<int> kept = [];
        for (int i = tails.Count > 0 ? tails[^1] : -1; i >= 0; i = before[i])
        {
            kept.Add(i);
        }

        return ordered.Where((_, number) => !kept.Contains(number));
    }

    private readonly record struct Place(long Row, long Offset, Func<(string Place, string Source)> Describe);
}
