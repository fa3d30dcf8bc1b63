using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Transactions;

/// <summary>A batch's columns by name, looked up once for a block.</summary>
internal readonly struct TransactionRows(RecordBatch batch)
{
    private readonly UuidColumn _ids = (UuidColumn)batch.Columns[0];
    private readonly long[] _users = ((Int64Column)batch.Columns[1]).Values;
    private readonly DecimalColumn _amounts = (DecimalColumn)batch.Columns[2];
    private readonly int[] _currencies = ((DictionaryColumn)batch.Columns[3]).Indices;
    private readonly int[] _merchants = ((DictionaryColumn)batch.Columns[4]).Indices;
    private readonly long[] _instants = ((TimestampColumn)batch.Columns[5]).Milliseconds;
    private readonly int[] _places = ((DictionaryColumn)batch.Columns[6]).Indices;

    public bool[] IsFraud { get; } = ((BooleanColumn)batch.Columns[7]).Values;

    public void Set(int row, RecordKey id, long userId, long instant)
    {
        _ids.High[row] = id.High;
        _ids.Low[row] = id.Low;
        _users[row] = userId;
        _instants[row] = instant;
    }

    public void SetPurchase(int row, Words words, int country, int city, int merchant, long units)
    {
        _amounts.Units[row] = units;
        _amounts.Decimals[row] = words.DecimalsOfCountry[country];
        _currencies[row] = words.CurrencyOfCountry[country];
        _merchants[row] = merchant;
        _places[row] = city < 0 ? words.OnlineOfCountry[country] : city;
    }
}
