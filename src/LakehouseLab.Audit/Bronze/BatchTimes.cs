using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Bronze;

/// <summary>
/// When the records of each batch were ingested: all of a batch at one instant, not before the table was made, not before the batch before, and not
/// after the files that hold them were written. Written to while the table is read for the first time, and only read later.
/// </summary>
/// <param name="created">When the table was made, in Unix milliseconds; null when its log does not say.</param>
/// <param name="streamedFrom">The least number of a batch that is its instant in milliseconds.</param>
internal sealed class BatchTimes(long? created, long streamedFrom)
{
    // What the clocks of a lake's writers may differ by, and a clock may be set back: as much as networks commonly put up with.
    private const long Tolerance = 5 * 60 * 1_000_000L;
    private const long MicrosecondsPerMillisecond = 1000;

    // More of one batch are certainly wrong, and need not be told apart.
    private const int MaxInstants = 64;

    private static readonly TableColumn s_column = TableDeclaration.Lineage[3];

    private readonly SortedDictionary<long, Batch> _batches = [];
    private Batch _last = new(-1, null);

    /// <summary>Whether the records of some batch do not all have the same instant.</summary>
    public bool AreMixed => _batches.Values.Any(static batch => batch.Rows.Keys.Any(instant => instant != batch.Instant));

    /// <summary>Notes a record.</summary>
    /// <param name="batch">Its batch.</param>
    /// <param name="instant">When it says that it was ingested, in Unix microseconds.</param>
    /// <param name="written">When its file was written, in Unix milliseconds.</param>
    public void Note(long batch, long instant, long written)
    {
        if (_last.Number != batch)
        {
            _last = BatchOf(batch);
        }

        // A time that others gave a file says nothing when it is before the table.
        _last.Note(instant, written < created ? long.MaxValue : written);
    }

    /// <summary>Whether a record's instant is that of most records of its batch.</summary>
    public bool Fits(long batch, long instant) => !_batches.TryGetValue(batch, out Batch? all) || all.Instant == instant;

    /// <summary>What differs of a record whose instant does not fit.</summary>
    public ColumnDifference DifferenceOf(long batch, long instant) => new(s_column.Name, ValueText.Of(s_column, _batches[batch].Instant), ValueText.Of(s_column, instant));

    /// <summary>Writes the times.</summary>
    public void Save(BinaryWriter state)
    {
        state.Write(_batches.Count);
        foreach (Batch batch in _batches.Values)
        {
            state.Write(batch.Number);
            batch.Save(state);
        }
    }

    /// <summary>Adds times that were written elsewhere.</summary>
    public void Load(BinaryReader state)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            BatchOf(state.ReadInt64()).Load(state);
        }
    }

    /// <summary>Reports batches that cannot have been ingested when they say.</summary>
    public void Report(Tally tally)
    {
        long first = created * MicrosecondsPerMillisecond ?? long.MinValue;
        string since = "the table was made";
        foreach (Batch batch in _batches.Values)
        {
            long last = batch.Written * MicrosecondsPerMillisecond;
            bool isLate = batch.Instant > last + Tolerance;
            if (isLate || (first != long.MinValue && batch.Instant < first - Tolerance))
            {
                string bound = ValueText.Of(s_column, isLate ? last : first);
                string cause = isLate ? "a file that has its records was written before" : $"{since} only later";
                tally.Report(FindingKind.Altered, finding => finding with
                {
                    Place = FormattableString.Invariant($"batch {batch.Number}"),
                    Column = s_column.Name,
                    Expected = isLate ? $"{bound} or before" : $"{bound} or later",
                    Found = ValueText.Of(s_column, batch.Instant),
                    Cause = cause,
                });
            }
            else if (batch.Instant > first)
            {
                (first, since) = (batch.Instant, FormattableString.Invariant($"batch {batch.Number}, which came before, was ingested"));
            }
        }
    }

    private Batch BatchOf(long number)
    {
        if (!_batches.TryGetValue(number, out Batch? batch))
        {
            batch = new Batch(number, number >= streamedFrom ? number * MicrosecondsPerMillisecond : null);
            _batches.Add(number, batch);
        }

        return batch;
    }

    private sealed class Batch(long number, long? known)
    {
        private long _instant = -1;
        private Counter _counter = new();

        public long Number => number;

        public Dictionary<long, Counter> Rows { get; } = [];

        public long Written { get; private set; } = long.MaxValue / MicrosecondsPerMillisecond / 2;

        // Of as many the first.
        public long Instant => known ?? Rows.MaxBy(pair => (pair.Value.Count, -pair.Key)).Key;

        public void Note(long instant, long written)
        {
            Written = Math.Min(Written, written);
            Count(instant, 1);
        }

        public void Save(BinaryWriter state)
        {
            state.Write(Written);
            state.Write(Rows.Count);
            foreach ((long instant, Counter counter) in Rows)
            {
                state.Write(instant);
                state.Write(counter.Count);
            }
        }

        public void Load(BinaryReader state)
        {
            Written = Math.Min(Written, state.ReadInt64());
            for (int left = state.ReadInt32(); left > 0; left--)
            {
                Count(state.ReadInt64(), state.ReadInt64());
            }
        }

        private void Count(long instant, long rows)
        {
            if (instant != _instant)
            {
                _instant = instant;
                if (!Rows.TryGetValue(instant, out _counter!))
                {
                    _counter = new Counter();
                    Keep();
                }
            }

            _counter.Count += rows;
        }

        private void Keep()
        {
            if (Rows.Count < MaxInstants)
            {
                Rows.Add(_instant, _counter);
            }
        }
    }

    private sealed class Counter
    {
        public long Count { get; set; }
    }
}
