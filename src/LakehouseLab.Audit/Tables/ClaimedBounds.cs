using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Values;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Tables;

/// <summary>What a log or a footer claims that a column holds; null for what it does not say. Readers leave out rows by it.</summary>
/// <param name="Min">No number is less.</param>
/// <param name="Max">No number is greater.</param>
/// <param name="MinText">No text comes before it.</param>
/// <param name="MaxText">No text comes after it.</param>
/// <param name="Nulls">How many values are absent.</param>
internal sealed record ClaimedBounds(long? Min, long? Max, byte[]? MinText, byte[]? MaxText, long? Nulls)
{
    /// <summary>The claims that do not hold.</summary>
    /// <param name="column">The column.</param>
    /// <param name="actual">What it holds.</param>
    public IEnumerable<(string Expected, string Found)> Broken(TableColumn column, ColumnBounds actual)
    {
        if (Nulls is { } nulls && nulls != actual.Nulls)
        {
            yield return (FormattableString.Invariant($"{actual.Nulls} nulls"), FormattableString.Invariant($"{nulls} nulls"));
        }

        if (actual.Values == 0)
        {
            yield break;
        }

        if (column.Type is FieldType.Text or FieldType.Uuid)
        {
            if (MinText is { } first && actual.MinText.AsSpan().SequenceCompareTo(first) < 0)
            {
                yield return ($"least value {TextOf(actual.MinText!)}", $"least value {TextOf(first)}");
            }

            if (MaxText is { } last && actual.MaxText.AsSpan().SequenceCompareTo(last) > 0)
            {
                yield return ($"greatest value {TextOf(actual.MaxText!)}", $"greatest value {TextOf(last)}");
            }

            yield break;
        }

        if (Min > actual.Min)
        {
            yield return ($"least value {ValueText.Of(column, actual.Min)}", $"least value {ValueText.Of(column, Min.Value)}");
        }

        if (Max < actual.Max)
        {
            yield return ($"greatest value {ValueText.Of(column, actual.Max)}", $"greatest value {ValueText.Of(column, Max.Value)}");
        }
    }

    private static string TextOf(byte[] text) => JsonDifference.Shorten(text);
}
