using LakehouseLab.World.Batches;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Parts;

namespace LakehouseLab.World.Domains.Transactions;

/// <summary>The columns of a batch of transactions, looked up once for a block.</summary>
/// <param name="batch">A batch of the domain.</param>
public readonly struct TransactionColumns(RecordBatch batch)
{
    private readonly int[] _currencies = ((DictionaryColumn)batch.Columns[3]).Indices;
    private readonly int[] _merchants = ((DictionaryColumn)batch.Columns[4]).Indices;
    private readonly int[] _places = ((DictionaryColumn)batch.Columns[6]).Indices;

    /// <summary>transaction_id.</summary>
    public UuidColumn Ids { get; } = (UuidColumn)batch.Columns[0];

    /// <summary>user_id.</summary>
    public long[] Users { get; } = ((Int64Column)batch.Columns[1]).Values;

    /// <summary>amount.</summary>
    public DecimalColumn Amounts { get; } = (DecimalColumn)batch.Columns[2];

    /// <summary>currency.</summary>
    public DictionaryColumn Currencies { get; } = (DictionaryColumn)batch.Columns[3];

    /// <summary>merchant.</summary>
    public DictionaryColumn Merchants { get; } = (DictionaryColumn)batch.Columns[4];

    /// <summary>timestamp, in Unix milliseconds.</summary>
    public long[] Instants { get; } = ((TimestampColumn)batch.Columns[5]).Milliseconds;

    /// <summary>location.</summary>
    public DictionaryColumn Places { get; } = (DictionaryColumn)batch.Columns[6];

    /// <summary>is_fraud.</summary>
    public bool[] IsFraud { get; } = ((BooleanColumn)batch.Columns[7]).Values;

    internal void Set(int row, RecordKey id, long userId, long instant)
    {
        Ids.High[row] = id.High;
        Ids.Low[row] = id.Low;
        Users[row] = userId;
        Instants[row] = instant;
    }

    internal void SetPurchase(int row, Words words, int country, int city, int merchant, long units)
    {
        Amounts.Units[row] = units;
        Amounts.Decimals[row] = words.DecimalsOfCountry[country];
        _currencies[row] = words.CurrencyOfCountry[country];
        _merchants[row] = merchant;
        _places[row] = city < 0 ? words.OnlineOfCountry[country] : city;
    }
}
