using System.Globalization;
using LakehouseLab.Audit.Values;
using LakehouseLab.Delta.Log;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Audit.Tables;

/// <summary>Some rows of a table that are together in one data file.</summary>
/// <param name="file">The file.</param>
/// <param name="number">Its number among the table's files.</param>
/// <param name="parquet">The file, opened.</param>
/// <param name="group">The row group.</param>
/// <param name="firstRow">Rows of the file before these.</param>
/// <param name="reading">Reads columns.</param>
/// <param name="check">Holds the file against what is said of it; null when that was done.</param>
internal sealed class TableGroup(AddFile file, int number, ParquetFileReader parquet, RowGroupReader group, long firstRow, ColumnReading reading, FileCheck? check)
{
    /// <summary>The file.</summary>
    public AddFile File => file;

    /// <summary>How many rows.</summary>
    public int Rows { get; } = checked((int)group.MetaData.NumRows);

    /// <summary>A row's place in the order in which the table is read.</summary>
    public (int File, long Row) OrderOf(int row) => (number, firstRow + row);

    /// <summary>Where a row is, as a person reads it.</summary>
    public string PlaceOf(int row) => FormattableString.Invariant($"{file.Path} row {firstRow + row + 1}");

    /// <summary>What the file's footer says of the rows.</summary>
    public RowGroupMetaData Footer => group.MetaData;

    /// <summary>Reads a column: from the partition's value, which every reader believes, from the file, or absent in a file that is older than it.</summary>
    /// <exception cref="FormatException">The column cannot be read as what it should be.</exception>
    public void Read<TSink>(TableColumn column, TSink sink)
        where TSink : struct, IValueSink
    {
        if (!file.PartitionValues.ContainsKey(column.Name) && Find(column) is (var descriptor, var index))
        {
            reading.Read(group, index, descriptor, column, ref sink, check?.Measure(column, group, index));
        }
        else
        {
            ReadPartition(column, ref sink);
        }
    }

    /// <summary>How the file describes a column, and its number there; null when the file has none of that name.</summary>
    public (ColumnDescriptor Descriptor, int Index)? Find(TableColumn column)
    {
        SchemaDescriptor schema = parquet.FileMetaData.Schema;
        for (int index = 0; index < schema.NumColumns; index++)
        {
            ColumnDescriptor descriptor = schema.Column(index);
            if (descriptor.MaxRepetitionLevel == 0 && descriptor.MaxDefinitionLevel <= 1 && string.Equals(descriptor.Name, column.Name, StringComparison.OrdinalIgnoreCase))
            {
                return (descriptor, index);
            }
        }

        return null;
    }

    private void ReadPartition<TSink>(TableColumn column, ref TSink sink)
        where TSink : struct, IValueSink
    {
        string? value = file.PartitionValues.GetValueOrDefault(column.Name);
        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(value ?? "");
        long number = value is null ? 0 : NumberOf(column, value);
        for (int row = 0; row < Rows; row++)
        {
            switch (column.Type)
            {
                case var _ when value is null:
                    sink.Null(row);
                    break;
                case FieldType.Text or FieldType.Uuid:
                    sink.Text(row, utf8);
                    break;
                default:
                    sink.Number(row, number);
                    break;
            }
        }
    }

    /// <summary>A partition's value as a number.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static long NumberOf(TableColumn column, string value) => column.Type switch
    {
        FieldType.Date => DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber,
        FieldType.Int64 => long.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        FieldType.Text or FieldType.Uuid => 0,
        _ => throw new FormatException($"column {column.Name} is a partition column of type {column.Type}"),
    };
}
