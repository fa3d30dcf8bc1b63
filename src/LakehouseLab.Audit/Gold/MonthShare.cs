using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Gold;

/// <summary>The months of a domain's rows whose tables a shard recomputes: consecutive ones, with about as many rows as every other shard has.</summary>
internal sealed class MonthShare
{
    private readonly HashSet<int> _months = [];

    /// <summary>Deals out the months.</summary>
    /// <param name="ranges">The delivered rows.</param>
    /// <param name="factory">Their domain.</param>
    /// <param name="start">When the world begins.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="lookbackMs">How long before a month records are that its rows depend on.</param>
    public MonthShare(DomainRanges ranges, IDataFactory factory, DateTimeOffset start, Shard shard, long lookbackMs)
    {
        int month = new Calendar().MonthOf(Calendar.DayOf(start.ToUnixTimeMilliseconds()));
        long before = 0;
        for (RowRange span = default; span.EndRow < ranges.EndRow; month = Calendar.NextMonth(month))
        {
            span = new RowRange(span.EndRow, factory.CountBefore(Calendar.NextMonth(month) * Calendar.DayMs));
            long rows = ranges.Within(span).Sum(part => part.Rows.Rows);
            if (rows > 0 && Int128.Min((Int128)(before + (rows / 2)) * shard.Count / ranges.ExpectedRows, shard.Count - 1) == shard.Number - 1)
            {
                _months.Add(month);
                Rows = _months.Count == 1 ? span with { FirstRow = factory.CountBefore((month * Calendar.DayMs) - lookbackMs) } : Rows with { EndRow = span.EndRow };
            }

            before += rows;
        }
    }

    /// <summary>The rows that are made for the months: from the first that one of them depends on.</summary>
    public RowRange Rows { get; }

    /// <summary>Hands on the rows of the months alone.</summary>
    public IExpectedRows? Of(IExpectedRows? output) => output is null ? null : new Filter(output, _months);

    private sealed class Filter(IExpectedRows output, HashSet<int> months) : IExpectedRows
    {
        public void Add(int month, ReadOnlySpan<Cell> cells, ICellTexts texts)
        {
            if (months.Contains(month))
            {
                output.Add(month, cells, texts);
            }
        }
    }
}
