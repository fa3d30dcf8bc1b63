using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;
using ParquetSharp;
using ParquetSharp.Schema;

using Column = LakehouseLab.World.Batches.Column;

namespace LakehouseLab.Formats.Parquet;

/// <summary>What Parquet files of a domain look like.</summary>
internal static class ParquetLayout
{
    /// <summary>Most digits of a decimal that is kept in 32 bits.</summary>
    public const int ShortDecimalPrecision = 9;

    /// <summary>The schema of a file, which the caller disposes of.</summary>
    public static GroupNode CreateSchema(IEnumerable<Field> fields) => new("schema", Repetition.Required, [.. fields.Select(CreateNode)]);

    /// <summary>How columns are encoded; the caller disposes of it.</summary>
    /// <remarks>
    /// Measured on a million transactions: ids with their lengths apart 18.5 B, as plain text 19.8 B; instants as differences
    /// 3.1 B, plain 3.9 B; a higher level of compression gains nothing. Bounds of texts and ids would exclude hardly a row
    /// group, since each holds the whole range of them.
    /// </remarks>
    public static WriterProperties CreateProperties(IEnumerable<Column> columns)
    {
        using WriterPropertiesBuilder builder = new();
        builder.Compression(Compression.Zstd).CompressionLevel(1).Version(ParquetVersion.PARQUET_2_6).CreatedBy("lakelab");
        foreach (Column column in columns)
        {
            string name = column.Field.Name;
            switch (column)
            {
                case UuidColumn or Utf8Column:
                    builder.DisableDictionary(name).Encoding(name, ParquetSharp.Encoding.DeltaLengthByteArray).DisableStatistics(name);
                    break;
                case TimestampColumn:
                    builder.DisableDictionary(name).Encoding(name, ParquetSharp.Encoding.DeltaBinaryPacked);
                    break;
                case DictionaryColumn:
                    builder.DisableStatistics(name);
                    break;
                default:
                    break;
            }
        }

        return builder.Build();
    }

    private static PrimitiveNode CreateNode(Field field)
    {
        Repetition repetition = field.Nullable ? Repetition.Optional : Repetition.Required;
        return field.Type switch
        {
            FieldType.Int64 => new PrimitiveNode(field.Name, repetition, LogicalType.None(), PhysicalType.Int64),
            FieldType.Decimal => new PrimitiveNode(
                field.Name, repetition, LogicalType.Decimal(field.Precision, field.Scale),
                field.Precision <= ShortDecimalPrecision ? PhysicalType.Int32 : PhysicalType.Int64),
            FieldType.Boolean => new PrimitiveNode(field.Name, repetition, LogicalType.None(), PhysicalType.Boolean),
            FieldType.Timestamp => new PrimitiveNode(
                field.Name, repetition, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros), PhysicalType.Int64),
            FieldType.Date => new PrimitiveNode(field.Name, repetition, LogicalType.Date(), PhysicalType.Int32),
            _ => new PrimitiveNode(field.Name, repetition, LogicalType.String(), PhysicalType.ByteArray),
        };
    }
}
