namespace LakehouseLab.Pipeline.Derived;

/// <summary>Days, as spans that neither overlap nor touch, in order.</summary>
internal sealed class DaySpans
{
    private readonly List<(DateOnly First, DateOnly Last)> _spans = [];

    /// <summary>The spans; both ends of one belong to it.</summary>
    public IReadOnlyList<(DateOnly First, DateOnly Last)> Spans => _spans;

    /// <summary>Adds a span.</summary>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, not before the first.</param>
    public void Add(DateOnly first, DateOnly last)
    {
        int at = _spans.FindIndex(span => span.Last.DayNumber + 1 >= first.DayNumber);
        if (at < 0)
        {
            _spans.Add((first, last));
            return;
        }

        int after = at;
        while (after < _spans.Count && _spans[after].First.DayNumber - 1 <= last.DayNumber)
        {
            first = _spans[after].First < first ? _spans[after].First : first;
            last = _spans[after].Last > last ? _spans[after].Last : last;
            after++;
        }

        _spans.RemoveRange(at, after - at);
        _spans.Insert(at, (first, last));
    }

    /// <summary>The months that have one of the days, by their first days.</summary>
    public SortedSet<DateOnly> ToMonths()
    {
        SortedSet<DateOnly> months = [];
        _spans.ForEach(span => Months.Add(months, span.First, span.Last));
        return months;
    }
}
