using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Geography;

namespace LakehouseLab.Pipeline.Models;

/// <summary>A table that no model makes and every model may refer to.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Key">The columns that identify a row.</param>
public sealed record ReferenceTable(TableName Table, IReadOnlyList<ModelColumn> Columns, IReadOnlyList<string> Key)
{
    /// <summary>What one unit of each currency is worth in US dollars, fixed in every world.</summary>
    public static ReferenceTable FxRates { get; } = new(
        new TableName("reference", "fx_rates"),
        [
            new("currency", ColumnType.TryParse("STRING")!, true, "ISO 4217 code."),
            new("decimals", ColumnType.TryParse("INT")!, true, "Decimals of its amounts."),
            new("usd_rate", ColumnType.TryParse($"DECIMAL({ExchangeRates.Precision},{ExchangeRates.Scale})")!, true, "US dollars for one unit."),
        ],
        ["currency"]);

    /// <summary>The table's schema in the Delta log.</summary>
    public StructType Schema => new([.. Columns.Select(column => column.ToField())]);
}
