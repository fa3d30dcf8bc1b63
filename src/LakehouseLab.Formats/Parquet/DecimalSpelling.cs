using LakehouseLab.World.Batches;
using LakehouseLab.World.Geography;

namespace LakehouseLab.Formats.Parquet;

/// <summary>
/// With how many decimals a decimal is written that comes from a column of one scale for all: as many as its currency has, and
/// others as many as they need.
/// </summary>
internal sealed class DecimalSpelling
{
    private static readonly Dictionary<int, byte> s_decimalsOfCurrency = ExchangeRates.All.ToDictionary(
        rate => Pack(System.Text.Encoding.ASCII.GetBytes(rate.Currency)), rate => (byte)rate.Decimals);

    private readonly DecimalColumn _column;
    private readonly int _scale;
    private readonly TextColumn? _currency;

    private DecimalSpelling(DecimalColumn column, TextColumn? currency)
    {
        _column = column;
        _scale = column.Field.Scale;
        _currency = currency;
    }

    /// <summary>The spelling of each column of decimals.</summary>
    public static DecimalSpelling[] Of(RecordBatch batch) =>
        [.. batch.Columns.OfType<DecimalColumn>().Select(column => new DecimalSpelling(column, CurrencyOf(batch, column.Field.Name)))];

    /// <summary>Sets the decimals of the first rows, whose values have the column's scale.</summary>
    public void Apply(int count)
    {
        for (int row = 0; row < count; row++)
        {
            int least = _currency is null || _currency.IsNull(row) ? 0 : s_decimalsOfCurrency.GetValueOrDefault(Pack(_currency.GetUtf8(row)));
            int decimals = _scale;
            long units = _column.Units[row];
            while (decimals > least && units % 10 == 0)
            {
                units /= 10;
                decimals--;
            }

            _column.Units[row] = units;
            _column.Decimals[row] = (byte)decimals;
        }
    }

    // The unit of an amount is the field that holds its currency.
    private static TextColumn? CurrencyOf(RecordBatch batch, string name)
    {
        string? unit = batch.Schema.IndexOf(name) is int field and >= 0 ? batch.Schema.Fields[field].Unit : null;
        return batch.Columns.OfType<TextColumn>().FirstOrDefault(column => column.Field.Name == unit && batch.Schema.IndexOf(column.Field.Name) >= 0);
    }

    private static int Pack(ReadOnlySpan<byte> code) => code.Length == 3 ? (code[0] << 16) | (code[1] << 8) | code[2] : 0;
}
