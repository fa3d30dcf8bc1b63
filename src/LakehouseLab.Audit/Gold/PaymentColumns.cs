using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains.Transactions;

namespace LakehouseLab.Audit.Gold;

/// <summary>The columns of a batch of transactions, amounts with the decimals that tables have.</summary>
internal sealed class PaymentColumns(TransactionColumns columns)
{
    private static readonly long[] s_powers = [10_000, 1_000, 100, 10, 1];

    private readonly DecimalColumn _amounts = columns.Amounts;

    public UuidColumn Ids { get; } = columns.Ids;

    public long[] Users { get; } = columns.Users;

    public DictionaryColumn Currencies { get; } = columns.Currencies;

    public DictionaryColumn Merchants { get; } = columns.Merchants;

    public DictionaryColumn Places { get; } = columns.Places;

    /// <summary>Milliseconds.</summary>
    public long[] Instants { get; } = columns.Instants;

    public bool[] Frauds { get; } = columns.IsFraud;

    /// <summary>A row's amount with four decimals.</summary>
    public long AmountOf(int row) => _amounts.Units[row] * s_powers[_amounts.Decimals[row]];
}
