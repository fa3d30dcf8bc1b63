using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Fraud;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Merchants;
using LakehouseLab.World.Parts;
using LakehouseLab.World.People;
using LakehouseLab.World.Purchases;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Domains.Transactions;

/// <summary>Makes card transactions: the purchases planned, with merchant, amount and id.</summary>
public sealed class TransactionFactory : IDataFactory
{
    private readonly WorldParts _parts;
    private readonly PurchasePlan _plan;
    private readonly bool[] _inherent = new bool[Block.Rows];
    private readonly RowId _ids;
    private readonly InherentFraud _inherentFraud;
    private RecordBatch? _scratch;

    internal TransactionFactory(TransactionDomain domain, WorldParts parts)
    {
        Domain = domain;
        _parts = parts;
        _plan = new PurchasePlan(parts, new PersonCache(parts.Population));
        _inherentFraud = new InherentFraud(parts.Settings);
        _ids = new RowId(Draw.Key(unchecked((ulong)parts.Settings.Seed), Purpose.TransactionId, 0));
    }

    /// <inheritdoc/>
    public Domain Domain { get; }

    /// <inheritdoc/>
    public RecordBatch CreateBatch()
    {
        IReadOnlyList<Field> fields = Domain.Schema.Fields;
        return new RecordBatch(Domain.Schema, Block.Rows,
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
        _plan.Fill(block);
        _inherentFraud.Mark(block, _plan.Ordinary, _inherent);
        TransactionColumns rows = new(batch);
        batch.FirstRow = block * Block.Rows;
        batch.Count = Block.Rows;
        for (int row = 0; row < Block.Rows; row++)
        {
            ref readonly PlannedPurchase planned = ref _plan.Rows[row];
            if (planned.Episode < 0)
            {
                WriteOrdinary(rows, row, batch, planned);
            }
            else
            {
                Write(rows, row, batch, _plan.EpisodeOf(planned));
            }
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
        ReadOnlySpan<long> instants = ((TimestampColumn)_scratch.Columns[Domain.Schema.IndexOf(Domain.Schema.EventTime)]).Milliseconds;
        return (block * Block.Rows) + SortedInstants.CountBefore(instants[..Block.Rows], unixMilliseconds);
    }

    /// <inheritdoc/>
    public long FindRow(RecordKey key) => _ids.Find(key);

    private void Write(in TransactionColumns rows, int row, RecordBatch batch, in EpisodeRow episode)
    {
        rows.Set(row, _ids.Of(batch.FirstRow + row), _parts.Population.UserIdOf(episode.Person), episode.Milliseconds);
        rows.SetPurchase(row, _parts.Words, episode.Country, episode.City, episode.Merchant, episode.Units);
        rows.IsFraud[row] = episode.Rule != FraudRule.None;
        batch.Rules[row] = episode.Rule;
        batch.Episodes[row] = episode.Episode;
    }

    private void WriteOrdinary(in TransactionColumns rows, int row, RecordBatch batch, in PlannedPurchase planned)
    {
        int categoryIndex = planned.Category;
        Category category = Category.All[categoryIndex];
        ulong taste = Draw.Bits(planned.Key, 6);
        bool favourite = Draw.Unit(taste) < TransactionFigures.FavouriteShare;
        ulong fame = favourite
            ? Draw.Bits(planned.PersonKey, Purpose.Favourite + (ulong)((categoryIndex * TransactionFigures.Favourites) + (int)(taste & (TransactionFigures.Favourites - 1))))
            : Draw.Bits(planned.Key, 7);
        int country = planned.Country;
        int merchant = _parts.Merchants.Find(country, category, category.PickRank(fame));
        double usd = category.PickAmount(Draw.Bits(planned.Key, 8), planned.Spending);

        rows.Set(row, _ids.Of(batch.FirstRow + row), planned.UserId, planned.Milliseconds);
        rows.SetPurchase(row, _parts.Words, country, planned.City, merchant, _parts.Pricing.Price(usd, country, category, Draw.Bits(planned.Key, 9)));
        bool inherent = _inherent[planned.Ordinary];
        rows.IsFraud[row] = inherent;
        batch.Rules[row] = inherent ? FraudRule.Inherent : FraudRule.None;
        batch.Episodes[row] = 0;
    }
}
