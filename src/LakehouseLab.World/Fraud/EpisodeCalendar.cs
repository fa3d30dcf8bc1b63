using LakehouseLab.World.Batches;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Settings;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Fraud;

/// <summary>
/// When which episode takes place. Episode j of a kind has its turn in the j-th of equal slots of rows, as long as its
/// rows' share of all rows asks for, so that the configured mix is kept by quota and not by chance. Not thread-safe.
/// </summary>
/// <remarks>Rows are made per window of time, with all episodes that reach into it, and the last windows are kept: a
/// window costs one pass over the episodes of some days, whatever the number of blocks in it.</remarks>
internal sealed class EpisodeCalendar
{
    private const long WindowMs = 6 * Timeline.HourMs;
    private const int WindowsKept = 2;

    private readonly Timeline _timeline;
    private readonly EpisodeAuthor _author;
    private readonly long _startMs;
    private readonly ulong _seed;
    private readonly List<(EpisodeKind Kind, double PositionsPerSlot, ulong Key)> _kinds = [];
    private readonly (long Window, EpisodeRow[] Rows)[] _windows = new (long, EpisodeRow[])[WindowsKept];
    private readonly List<EpisodeRow> _drafts = [];

    public EpisodeCalendar(WorldSettings settings, Timeline timeline, EpisodeAuthor author)
    {
        _timeline = timeline;
        _author = author;
        _startMs = settings.Start.ToUnixTimeMilliseconds();
        _seed = unchecked((ulong)settings.Seed);
        Array.Fill(_windows, (long.MinValue, []));
        double Share(FraudRule rule) => settings.FraudRate * settings.FraudMix.ShareOf(rule);
        AddKind(EpisodeKind.AccountTakeover, Share(FraudRule.AccountTakeover), Mean(FraudFigures.ProbeCount) + Mean(FraudFigures.HighCount));
        AddKind(EpisodeKind.CardTesting, Share(FraudRule.CardTesting), Mean(FraudFigures.TestingCount));
        AddKind(EpisodeKind.MerchantCollusion, Share(FraudRule.MerchantCollusion), Mean(FraudFigures.CollusionCount));
        AddKind(EpisodeKind.GeographicalAnomaly, Share(FraudRule.GeographicalAnomaly), Mean(FraudFigures.GeographicalCount));
        AddKind(EpisodeKind.ShoppingSpree, FraudFigures.SpreeShare, Mean(FraudFigures.SpreeCount));
        AddKind(EpisodeKind.TinyPaymentRun, FraudFigures.TinyRunShare, Mean(FraudFigures.TinyRunCount));
    }

    /// <summary>Collects the rows with instants in a half-open interval, in order of time.</summary>
    public void Collect(long fromMs, long toMs, List<EpisodeRow> rows)
    {
        rows.Clear();
        for (long window = fromMs / WindowMs; window * WindowMs < toMs; window++)
        {
            foreach (EpisodeRow row in RowsOf(window))
            {
                if (row.Milliseconds >= fromMs && row.Milliseconds < toMs)
                {
                    rows.Add(row);
                }
            }
        }
    }

    private static double Mean((int Min, int Max) count) => (count.Min + count.Max) / 2.0;

    private void AddKind(EpisodeKind kind, double share, double rowsPerEpisode)
    {
        if (share > 0)
        {
            double rowsPerSlot = rowsPerEpisode / share;
            _kinds.Add((kind, rowsPerSlot * _timeline.UnitsPerBlock / Block.Rows, Draw.Key(_seed, Purpose.Episode, (ulong)kind)));
        }
    }

    private EpisodeRow[] RowsOf(long window)
    {
        ref (long Window, EpisodeRow[] Rows) kept = ref _windows[window % WindowsKept];
        if (kept.Window != window)
        {
            kept = (window, MakeRows(window * WindowMs));
        }

        return kept.Rows;
    }

    private EpisodeRow[] MakeRows(long fromMs)
    {
        long toMs = fromMs + WindowMs;
        long endPosition = _timeline.PositionOf(toMs + FraudFigures.HourShiftMs);
        List<EpisodeRow> rows = [];
        foreach ((EpisodeKind kind, double positionsPerSlot, ulong key) in _kinds)
        {
            long firstPosition = Math.Max(0, _timeline.PositionOf(fromMs - FraudFigures.LongestMs(kind) - FraudFigures.HourShiftMs));
            long end = (long)(endPosition / positionsPerSlot);
            for (long number = (long)(firstPosition / positionsPerSlot); number <= end; number++)
            {
                _drafts.Clear();
                ulong episodeKey = Draw.Bits(key, (ulong)number);
                if (TryStart(number, positionsPerSlot, episodeKey, endPosition, out long startMs)
                    && startMs < toMs && startMs + FraudFigures.LongestMs(kind) >= fromMs)
                {
                    // The id tells number and kind, and is above 0.
                    _author.Write(kind, episodeKey, startMs, (number * 8) + (long)kind + 1, _drafts);
                    rows.AddRange(_drafts.Where(row => row.Milliseconds >= fromMs && row.Milliseconds < toMs));
                }
            }
        }

        // A stable order: rows of one instant stay in order of kind, number and story.
        return [.. rows.OrderBy(row => row.Milliseconds)];
    }

    private bool TryStart(long number, double positionsPerSlot, ulong key, long endPosition, out long startMs)
    {
        long position = (long)((number + Draw.Unit(Draw.Bits(key, 0))) * positionsPerSlot);
        startMs = 0;
        if (position >= endPosition)
        {
            return false;
        }

        startMs = _timeline.InstantAt(position);
        if (Draw.Unit(Draw.Bits(key, 1)) < FraudFigures.ShiftedShare)
        {
            // What would begin before the world stays at its turn, so that nothing piles up at the first instant.
            long shifted = startMs + (long)Draw.Below(Draw.Bits(key, 2), 2 * FraudFigures.HourShiftMs) - FraudFigures.HourShiftMs;
            startMs = shifted < _startMs ? startMs : shifted;
        }

        return true;
    }
}
