using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Time;

/// <summary>
/// When things happen in the whole world: the rate λ(t) is a weight by hour of the week times one by season, and its
/// integral Λ, in whole numbers, maps instants to positions and back. Immutable.
/// </summary>
/// <remarks>The calendar repeats every 400 years, which are a whole number of weeks (20,871), so Λ is a table of one
/// cycle of weeks and one of the week's hours. A position is in weight × milliseconds: over 8,000 years below 2^62.</remarks>
internal sealed class Timeline
{
    /// <summary>Hours of a week.</summary>
    public const int HoursPerWeek = 168;

    /// <summary>Milliseconds of an hour.</summary>
    public const long HourMs = 3_600_000;

    /// <summary>Milliseconds of a day.</summary>
    public const long DayMs = 24 * HourMs;

    private const int WeeksPerCycle = 20_871;
    private const long WeekMs = HoursPerWeek * HourMs;

    // Monday 2000-01-03T00:00:00Z in Unix milliseconds: before every world's start but MinStart, which is in the week before.
    private const long OriginMs = 946_857_600_000 - WeekMs;

    // 9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write.
    private const long LastMs = 253_402_300_799_999;

    private readonly int[] _hourWeights;
    private readonly long[] _hourSums = new long[HoursPerWeek + 1];
    private readonly int[] _seasons = new int[WeeksPerCycle];
    private readonly long[] _weekSums = new long[WeeksPerCycle + 1];
    private readonly long _startMs;
    private readonly long _startPosition;

    /// <summary>Makes the timeline of a world.</summary>
    /// <param name="startMs">When the world begins, in Unix milliseconds.</param>
    /// <param name="hourWeights">Weight of each hour of the week in UTC, from Monday 0 h; all positive, their mean about 100.</param>
    /// <param name="rowsPerMonth">Mean rows in 30 days of mean season.</param>
    public Timeline(long startMs, int[] hourWeights, double rowsPerMonth)
    {
        _hourWeights = hourWeights;
        for (int hour = 0; hour < HoursPerWeek; hour++)
        {
            _hourSums[hour + 1] = _hourSums[hour] + (hourWeights[hour] * HourMs);
        }

        DateTime monday = DateTime.UnixEpoch.AddMilliseconds(OriginMs);
        for (int week = 0; week < WeeksPerCycle; week++)
        {
            _seasons[week] = RhythmFigures.Months[monday.AddDays(7.0 * week).Month - 1];
            _weekSums[week + 1] = _weekSums[week] + _seasons[week];
        }

        double monthPosition = 30.0 / 7 * _hourSums[HoursPerWeek] * ((double)_weekSums[WeeksPerCycle] / WeeksPerCycle);
        UnitsPerBlock = Math.Max(1, (long)(Block.Rows * monthPosition / rowsPerMonth));
        _startMs = startMs;
        _startPosition = AbsolutePosition(startMs);
    }

    /// <summary>Positions that a block of transactions spans.</summary>
    public long UnitsPerBlock { get; }

    /// <summary>The position of an instant: 0 at the world's start.</summary>
    public long PositionOf(long unixMs) => AbsolutePosition(unixMs) - _startPosition;

    /// <summary>The first instant of a block of transactions.</summary>
    /// <exception cref="WorldEndException">It is after the year 9999.</exception>
    public long BlockStart(long block) => InstantAt(PositionOfBlock(block));

    /// <summary>The block that an instant belongs to; negative before the start.</summary>
    public long BlockOf(long unixMs)
    {
        long block = Math.DivRem(PositionOf(unixMs), UnitsPerBlock, out long rest);
        block -= rest < 0 ? 1 : 0;

        // An instant is a whole millisecond: where a block begins within it, the later block has it.
        return unixMs >= _startMs && BlockStart(block + 1) <= unixMs ? block + 1 : block;
    }

    /// <summary>The position at which a block begins.</summary>
    /// <exception cref="WorldEndException">It is after the year 9999.</exception>
    public long PositionOfBlock(long block)
    {
        Int128 position = (Int128)block * UnitsPerBlock;
        return position < long.MaxValue / 2 ? (long)position : throw PastEnd();
    }

    /// <summary>The instant of a position, rounded down to a millisecond.</summary>
    /// <exception cref="WorldEndException">It is after the year 9999.</exception>
    public long InstantAt(long position)
    {
        Cursor cursor = CursorAt(position);
        return cursor.InstantAt(position);
    }

    /// <summary>A cursor at a position, to go on from in order.</summary>
    /// <exception cref="WorldEndException">It is after the year 9999.</exception>
    public Cursor CursorAt(long position)
    {
        long absolute = position + _startPosition;
        long cycle = Math.DivRem(absolute, _weekSums[WeeksPerCycle] * _hourSums[HoursPerWeek], out long rest);
        long weekUnits = rest / _hourSums[HoursPerWeek];
        int found = Array.BinarySearch(_weekSums, weekUnits);
        int week = Math.Min(found >= 0 ? found : ~found - 1, WeeksPerCycle - 1);
        rest -= _weekSums[week] * _hourSums[HoursPerWeek];
        int hour = Array.BinarySearch(_hourSums, rest / _seasons[week]);
        hour = Math.Min(hour >= 0 ? hour : ~hour - 1, HoursPerWeek - 1);
        return new Cursor(this, (cycle * WeeksPerCycle) + week, hour);
    }

    private static WorldEndException PastEnd() =>
        new("the world ends with the year 9999, the last that RFC 3339 can write: ask for fewer rows or an earlier start");

    private long AbsolutePosition(long unixMs)
    {
        long week = Math.DivRem(unixMs - OriginMs, WeekMs, out long inWeek);
        long hour = Math.DivRem(inWeek, HourMs, out long inHour);
        long cycle = Math.DivRem(week, WeeksPerCycle, out long weekInCycle);
        long weeks = (cycle * _weekSums[WeeksPerCycle]) + _weekSums[weekInCycle];
        return (weeks * _hourSums[HoursPerWeek])
            + (_seasons[weekInCycle] * (_hourSums[hour] + (_hourWeights[hour] * inHour)));
    }

    /// <summary>Goes through the hours in order, as sorted positions ask for them.</summary>
    internal struct Cursor
    {
        private readonly Timeline _timeline;
        private long _week;
        private long _hourStart;
        private long _hourPosition;
        private long _hourEnd;
        private long _weight;

        internal Cursor(Timeline timeline, long week, int hour)
        {
            _timeline = timeline;
            _week = week;
            HourOfWeek = hour;
            Load();
        }

        /// <summary>The hour of the week in UTC, from Monday 0 h, of the last instant asked for.</summary>
        public int HourOfWeek { get; private set; }

        /// <summary>The instant of a position not before the last one asked for.</summary>
        /// <exception cref="WorldEndException">It is after the year 9999.</exception>
        public long InstantAt(long position)
        {
            while (position >= _hourEnd)
            {
                HourOfWeek++;
                if (HourOfWeek == HoursPerWeek)
                {
                    HourOfWeek = 0;
                    _week++;
                }

                Load();
            }

            // Both are below 2^53, so the rounded quotient never reaches the next whole number: the division is exact.
            long instant = unchecked(_hourStart + (long)((double)(position - _hourPosition) / _weight));
            return instant <= LastMs ? instant : throw PastEnd();
        }

        private void Load()
        {
            _hourStart = OriginMs + (_week * WeekMs) + (HourOfWeek * HourMs);
            _hourPosition = _timeline.PositionOf(_hourStart);
            _weight = (long)_timeline._hourWeights[HourOfWeek] * _timeline._seasons[_week % WeeksPerCycle];
            _hourEnd = _hourPosition + (_weight * HourMs);
        }
    }
}
