using LakehouseLab.World.Batches;

namespace LakehouseLab.Audit.Gold;

/// <summary>The columns of a batch of transactions.</summary>
internal sealed class PaymentColumns(RecordBatch batch)
{
    private static readonly long[] s_powers = [10_000, 1_000, 100, 10, 1];

    private readonly DecimalColumn _amounts = Find<DecimalColumn>(batch, "amount");

    public UuidColumn Ids { get; } = Find<UuidColumn>(batch, "transaction_id");

    public long[] Users { get; } = Find<Int64Column>(batch, "user_id").Values;

    public DictionaryColumn Currencies { get; } = Find<DictionaryColumn>(batch, "currency");

    public DictionaryColumn Merchants { get; } = Find<DictionaryColumn>(batch, "merchant");

    public DictionaryColumn Places { get; } = Find<DictionaryColumn>(batch, "location");

    /// <summary>Milliseconds.</summary>
    public long[] Instants { get; } = Find<TimestampColumn>(batch, "timestamp").Milliseconds;

    public bool[] Frauds { get; } = Find<BooleanColumn>(batch, "is_fraud").Values;

    /// <summary>A row's amount with four decimals.</summary>
    public long AmountOf(int row) => _amounts.Units[row] * s_powers[_amounts.Decimals[row]];

    /// <summary>A column of a batch by the name of its field.</summary>
    public static T Find<T>(RecordBatch batch, string name)
        where T : Column => (T)batch.Columns[batch.Schema.IndexOf(name)];
}
