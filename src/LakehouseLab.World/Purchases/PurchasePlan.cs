using LakehouseLab.World.Batches;
using LakehouseLab.World.Fraud;
using LakehouseLab.World.Merchants;
using LakehouseLab.World.Parts;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Purchases;

/// <summary>
/// Who pays when, where and for what in a block: ordinary life, into which the episodes of the block's time are merged.
/// Transactions add merchant and amount to it, sessions the logins of its remote purchases. Not thread-safe.
/// </summary>
internal sealed class PurchasePlan
{
    private readonly WorldParts _parts;
    private readonly PersonCache _people;
    private readonly EpisodeCalendar _calendar;
    private readonly List<EpisodeRow> _episodes = [];
    private readonly double[] _spacings = new double[Block.Rows + 1];
    private readonly ulong _spacingKey;
    private readonly ulong _transactionKey;

    public PurchasePlan(WorldParts parts, PersonCache people)
    {
        _parts = parts;
        _people = people;
        _calendar = new EpisodeCalendar(parts.Settings, parts.Timeline, new EpisodeAuthor(parts.Population, parts.Pricing, parts.Merchants));
        ulong seed = unchecked((ulong)parts.Settings.Seed);
        _spacingKey = Draw.Key(seed, Purpose.Spacing, 0);
        _transactionKey = Draw.Key(seed, Purpose.Transaction, 0);
    }

    /// <summary>The rows of the block planned last, in order of time.</summary>
    public PlannedPurchase[] Rows { get; } = new PlannedPurchase[Block.Rows];

    /// <summary>How many of them are ordinary purchases.</summary>
    public int Ordinary { get; private set; }

    /// <summary>The row of an episode that a planned row is.</summary>
    public EpisodeRow EpisodeOf(in PlannedPurchase row) => _episodes[row.Episode];

    /// <summary>Plans a block.</summary>
    /// <exception cref="WorldEndException">A row would be after the year 9999.</exception>
    public void Fill(long block)
    {
        Timeline timeline = _parts.Timeline;
        long fromMs = timeline.BlockStart(block);
        long toMs = timeline.BlockStart(block + 1);
        _calendar.Collect(fromMs, toMs, _episodes);
        Ordinary = Math.Max(0, Block.Rows - _episodes.Count);
        SetInstants(block, fromMs, Math.Max(fromMs, toMs - 1));
        SetPurchases(Draw.Bits(_transactionKey, (ulong)block));
    }

    // Normalised exponential spacings are the order statistics of uniforms (Devroye 1986, chapter V.3): no sort.
    private void SetInstants(long block, long fromMs, long lastMs)
    {
        ulong key = Draw.Bits(_spacingKey, (ulong)block);
        int ordinary = Ordinary;
        double total = 0;
        for (int i = 0; i <= ordinary; i++)
        {
            _spacings[i] = QuantileTable.Exponential.At(Draw.Bits(key, (ulong)i));
            total += _spacings[i];
        }

        double scale = _parts.Timeline.UnitsPerBlock / total;
        long position = _parts.Timeline.PositionOfBlock(block);
        Timeline.Cursor cursor = _parts.Timeline.CursorAt(position);
        double passed = 0;
        int episode = 0;
        int row = 0;
        for (int i = 0; i < ordinary; i++)
        {
            passed += _spacings[i];
            long instant = Math.Clamp(cursor.InstantAt(position + unchecked((long)(passed * scale))), fromMs, lastMs);
            while (episode < _episodes.Count && _episodes[episode].Milliseconds <= instant)
            {
                SetEpisode(ref Rows[row++], episode++);
            }

            ref PlannedPurchase planned = ref Rows[row++];
            planned.Milliseconds = instant;
            planned.Episode = -1;
            planned.Ordinary = (short)i;
            planned.HourOfWeek = (short)cursor.HourOfWeek;
        }

        while (row < Block.Rows)
        {
            SetEpisode(ref Rows[row++], episode++);
        }
    }

    private void SetEpisode(ref PlannedPurchase planned, int episode)
    {
        EpisodeRow told = _episodes[episode];
        planned.Milliseconds = told.Milliseconds;
        planned.Episode = episode;
        planned.Person = told.Person;
        planned.Country = (short)told.Country;
        planned.City = (short)told.City;
    }

    private void SetPurchases(ulong blockKey)
    {
        AliasTable[] markets = _parts.MarketsByHour;
        AliasTable categories = _parts.Categories;
        Population population = _parts.Population;
        foreach (ref PlannedPurchase planned in Rows.AsSpan())
        {
            if (planned.Episode >= 0)
            {
                continue;
            }

            ulong key = Draw.Bits(blockKey, (ulong)planned.Ordinary);
            long person = population.PickActive(markets[planned.HourOfWeek].Pick(Draw.Bits(key, 0)), Draw.Bits(key, 1));
            ref readonly PersonFacts facts = ref _people.Get(person, planned.Milliseconds);
            int category = categories.Pick(Draw.Bits(key, 2));
            planned.Key = key;
            planned.Person = person;
            planned.UserId = facts.UserId;
            planned.PersonKey = facts.Key;
            planned.Spending = facts.Spending;
            planned.Category = (short)category;
            if (facts.City == Population.OnTheWay || Draw.Unit(Draw.Bits(key, 3)) < Category.All[category].RemoteShare)
            {
                planned.City = -1;
                planned.Country = Draw.Unit(Draw.Bits(key, 4)) < PurchaseFigures.ForeignRemoteShare
                    ? (short)_parts.Countries.Pick(Draw.Bits(key, 5))
                    : facts.Country;
            }
            else
            {
                planned.City = (short)facts.City;
                planned.Country = (short)_parts.CountryOfCity[facts.City];
            }
        }
    }
}

/// <summary>A purchase without its merchant and amount. Of an episode's row only instant, person and place are set.</summary>
internal struct PlannedPurchase
{
    public long Milliseconds;
    public long Person;
    public long UserId;
    public ulong Key;
    public ulong PersonKey;
    public double Spending;

    /// <summary>Which of the episodes' rows it is, or -1.</summary>
    public int Episode;

    /// <summary>Its number among the ordinary purchases.</summary>
    public short Ordinary;

    public short HourOfWeek;
    public short Category;

    /// <summary>The merchant's country.</summary>
    public short Country;

    /// <summary>The shop's city, or -1 for a remote purchase.</summary>
    public short City;

    /// <summary>Whether it is remote.</summary>
    public readonly bool IsRemote => City < 0;
}
