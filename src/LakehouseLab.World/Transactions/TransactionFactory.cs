using LakehouseLab.World.Batches;
using LakehouseLab.World.Fraud;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Merchants;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Transactions;

/// <summary>Makes card transactions: ordinary life, into which the episodes of the block's time are merged.</summary>
public sealed class TransactionFactory : IDataFactory
{
    private readonly WorldParts _parts;
    private readonly EpisodeCalendar _calendar;
    private readonly List<EpisodeRow> _episodes = [];
    private readonly bool[] _inherent = new bool[Block.Rows];
    private readonly double[] _spacings = new double[Block.Rows + 1];
    private readonly RowId _ids;
    private readonly InherentFraud _inherentFraud;
    private readonly ulong _spacingKey;
    private readonly ulong _transactionKey;
    private RecordBatch? _scratch;

    internal TransactionFactory(WorldParts parts)
    {
        _parts = parts;
        _calendar = new EpisodeCalendar(parts.Settings, parts.Timeline, new EpisodeAuthor(parts.Population, parts.Pricing, parts.Merchants));
        _inherentFraud = new InherentFraud(parts.Settings);
        ulong seed = unchecked((ulong)parts.Settings.Seed);
        _ids = new RowId(Draw.Key(seed, Purpose.TransactionId, 0));
        _spacingKey = Draw.Key(seed, Purpose.Spacing, 0);
        _transactionKey = Draw.Key(seed, Purpose.Transaction, 0);
    }

    /// <inheritdoc/>
    public DomainSchema Schema => DomainSchemas.Transaction;

    /// <summary>Per row of the block filled last, the person.</summary>
    internal long[] People { get; } = new long[Block.Rows];

    /// <summary>Per row of the block filled last, whether the purchase is remote.</summary>
    internal bool[] Remote { get; } = new bool[Block.Rows];

    /// <summary>Per row of the block filled last, the city from which a crook made it, or -1.</summary>
    internal int[] Crooks { get; } = new int[Block.Rows];

    /// <inheritdoc/>
    public RecordBatch CreateBatch()
    {
        IReadOnlyList<Field> fields = Schema.Fields;
        return new RecordBatch(Schema, Block.Rows,
        [
            new UuidColumn(fields[0], Block.Rows),
            new Int64Column(fields[1], Block.Rows),
            new DecimalColumn(fields[2], Block.Rows),
            new DictionaryColumn(fields[3], Block.Rows, _parts.Words.Currencies),
            new DictionaryColumn(fields[4], Block.Rows, _parts.Merchants.Names),
            new TimestampColumn(fields[5], Block.Rows),
            new DictionaryColumn(fields[6], Block.Rows, _parts.Words.Places),
            new BooleanColumn(fields[7], Block.Rows),
        ]);
    }

    /// <inheritdoc/>
    public void FillBlock(RecordBatch batch, long block)
    {
        Timeline timeline = _parts.Timeline;
        long fromMs = timeline.BlockStart(block);
        long toMs = timeline.BlockStart(block + 1);
        _calendar.Collect(fromMs, toMs, _episodes);
        int background = Math.Max(0, Block.Rows - _episodes.Count);
        TransactionRows rows = new(batch);
        batch.FirstRow = block * Block.Rows;
        batch.Count = Block.Rows;

        double scale = SpreadOut(block, background);
        _inherentFraud.Mark(block, background, _inherent);
        ulong blockKey = Draw.Bits(_transactionKey, (ulong)block);
        long position = timeline.PositionOfBlock(block);
        Timeline.Cursor cursor = timeline.CursorAt(position);
        long lastMs = Math.Max(fromMs, toMs - 1);
        double passed = 0;
        int episode = 0;
        int row = 0;
        for (int i = 0; i < background; i++)
        {
            passed += _spacings[i];
            long instant = Math.Clamp(cursor.InstantAt(position + (long)(passed * scale)), fromMs, lastMs);
            while (episode < _episodes.Count && _episodes[episode].Milliseconds <= instant)
            {
                Write(rows, row++, batch, _episodes[episode++]);
            }

            Write(rows, row, batch, Draw.Bits(blockKey, (ulong)i), instant, cursor.HourOfWeek);
            batch.Rules[row] = _inherent[i] ? FraudRule.Inherent : FraudRule.None;
            rows.IsFraud[row++] = _inherent[i];
        }

        while (row < Block.Rows)
        {
            Write(rows, row++, batch, _episodes[episode++]);
        }
    }

    /// <inheritdoc/>
    public long CountBefore(long unixMilliseconds)
    {
        long block = _parts.Timeline.BlockOf(unixMilliseconds);
        if (block < 0)
        {
            return 0;
        }

        _scratch ??= CreateBatch();
        FillBlock(_scratch, block);
        ReadOnlySpan<long> instants = ((TimestampColumn)_scratch.Columns[Schema.IndexOf(Schema.EventTime)]).Milliseconds;
        return (block * Block.Rows) + SortedInstants.CountBefore(instants[..Block.Rows], unixMilliseconds);
    }

    /// <inheritdoc/>
    public long FindRow(RecordKey key) => _ids.Find(key);

    // Normalised exponential spacings are the order statistics of uniforms (Devroye 1986, chapter V.3): no sort.
    private double SpreadOut(long block, int count)
    {
        ulong key = Draw.Bits(_spacingKey, (ulong)block);
        double total = 0;
        for (int i = 0; i <= count; i++)
        {
            _spacings[i] = QuantileTable.Exponential.At(Draw.Bits(key, (ulong)i));
            total += _spacings[i];
        }

        return _parts.Timeline.UnitsPerBlock / total;
    }

    private void Write(in TransactionRows rows, int row, RecordBatch batch, in EpisodeRow episode)
    {
        rows.Set(row, _ids.Of(batch.FirstRow + row), _parts.Population.UserIdOf(episode.Person), episode.Milliseconds);
        rows.SetPurchase(row, _parts.Words, episode.Country, episode.City, episode.Merchant, episode.Units);
        rows.IsFraud[row] = episode.Rule != FraudRule.None;
        batch.Rules[row] = episode.Rule;
        batch.Episodes[row] = episode.Episode;
        People[row] = episode.Person;
        Remote[row] = episode.City < 0;
        Crooks[row] = episode.Crook;
    }

    private void Write(in TransactionRows rows, int row, RecordBatch batch, ulong key, long instant, int hourOfWeek)
    {
        Population population = _parts.Population;
        int marketIndex = _parts.MarketsByHour[hourOfWeek].Pick(Draw.Bits(key, 0));
        Market market = population.Markets[marketIndex];
        long person = population.PickActive(marketIndex, Draw.Bits(key, 1));
        ulong personKey = population.KeyOf(person);
        ulong choice = Draw.Bits(key, 2);
        int categoryIndex = _parts.Categories.Pick(choice);
        Category category = Category.All[categoryIndex];

        int city = population.CityAt(personKey, market, instant);
        bool remote = city == Population.OnTheWay || Draw.Unit(Draw.Bits(key, 3)) < category.RemoteShare;
        int country = market.Country.Index;
        if (remote)
        {
            city = -1;
            country = Draw.Unit(Draw.Bits(key, 4)) < TransactionFigures.ForeignRemoteShare ? _parts.Countries.Pick(Draw.Bits(key, 5)) : country;
        }
        else
        {
            country = _parts.CountryOfCity[city];
        }

        ulong taste = Draw.Bits(key, 6);
        bool favourite = Draw.Unit(taste) < TransactionFigures.FavouriteShare;
        ulong fame = favourite
            ? Draw.Bits(personKey, Purpose.Favourite + (ulong)((categoryIndex * TransactionFigures.Favourites) + (int)(taste & (TransactionFigures.Favourites - 1))))
            : Draw.Bits(key, 7);
        int merchant = _parts.Merchants.Find(country, category, category.PickRank(fame));
        double usd = category.Amounts.At(Draw.Bits(key, 8)) * Population.SpendingOf(personKey, category.Daily);

        rows.Set(row, _ids.Of(batch.FirstRow + row), population.UserIdOf(person), instant);
        rows.SetPurchase(row, _parts.Words, country, city, merchant, _parts.Pricing.Price(usd, country, category, Draw.Bits(key, 9)));
        batch.Episodes[row] = 0;
        People[row] = person;
        Remote[row] = remote;
        Crooks[row] = -1;
    }
}
