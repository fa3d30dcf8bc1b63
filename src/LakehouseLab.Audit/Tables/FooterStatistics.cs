using LakehouseLab.Audit.Values;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Audit.Tables;

/// <summary>What a file's footer says of a column of a row group, by which readers leave it out.</summary>
internal static class FooterStatistics
{
    /// <summary>Whether a footer gives bounds of a column.</summary>
    public static bool HasBounds(RowGroupMetaData group, int index)
    {
        using Statistics? statistics = group.GetColumnChunkMetaData(index).Statistics;
        return statistics is { HasMinMax: true };
    }

    /// <summary>Reads the statistics.</summary>
    /// <returns>The statistics; null when there are none that the audit can read.</returns>
    public static ClaimedBounds? Of(TableGroup group, TableColumn column, ColumnDescriptor descriptor, int index)
    {
        using Statistics? statistics = group.Footer.GetColumnChunkMetaData(index).Statistics;
        if (statistics is not { HasMinMax: true })
        {
            return null;
        }

        bool isText = column.Type is FieldType.Text or FieldType.Uuid;
        return statistics switch
        {
            Statistics<ByteArray> texts when isText => new ClaimedBounds(null, null, BytesOf(texts.Min), BytesOf(texts.Max), texts.NullCount),
            Statistics<long> longs => Of(longs.Min, longs.Max, longs.NullCount, ColumnReading.FactorOf(descriptor, column)),
            Statistics<int> ints => Of(ints.Min, ints.Max, ints.NullCount, ColumnReading.FactorOf(descriptor, column)),
            Statistics<bool> booleans => Of(booleans.Min ? 1 : 0, booleans.Max ? 1 : 0, booleans.NullCount, 1),
            _ => null,
        };
    }

    private static ClaimedBounds Of(long min, long max, long nulls, long factor) => new(unchecked(min * factor), unchecked(max * factor), null, null, nulls);

    private static unsafe byte[] BytesOf(ByteArray text) => new ReadOnlySpan<byte>((byte*)text.Pointer, text.Length).ToArray();
}
