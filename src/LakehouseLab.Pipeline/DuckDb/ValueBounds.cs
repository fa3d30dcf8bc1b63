using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>The least and greatest of a column's values, as DuckDB writes them.</summary>
/// <param name="Column">The column.</param>
/// <param name="Min">The least; null when there are no values.</param>
/// <param name="Max">The greatest; null when there are no values.</param>
/// <param name="Type">The column's type.</param>
internal sealed record ValueBounds(string Column, string? Min, string? Max, string Type)
{
    /// <summary>Whether a data file may hold one of the values, by its statistics.</summary>
    public bool MayBeIn(AddFile file) => Min is null || Max is null || Type switch
    {
        "BIGINT" or "INTEGER" => FileBounds.MayHoldNumbers(file, Column, Number(Min), Number(Max)),
        "VARCHAR" => FileBounds.MayHoldTexts(file, Column, Min, Max),
        _ => true,
    };

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
