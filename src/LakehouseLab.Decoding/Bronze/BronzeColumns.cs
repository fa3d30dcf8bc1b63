using LakehouseLab.Formats.Parquet;
using ParquetSharp;

namespace LakehouseLab.Decoding.Bronze;

/// <summary>Reads columns of a Bronze file's row groups without a string or an array per value. Not thread-safe.</summary>
internal sealed class BronzeColumns
{
    private const int BatchSize = 8192;

    private readonly Dictionary<string, (int Index, bool Optional)> _columns;
    private readonly short[] _definitions = new short[BatchSize];
    private readonly ByteArray[] _bytes = new ByteArray[BatchSize];
    private readonly long[] _numbers = new long[BatchSize];

    /// <summary>Prepares for a file.</summary>
    public BronzeColumns(ParquetFileReader file) => _columns = Enumerable.Range(0, file.FileMetaData.NumColumns)
        .ToDictionary(
            column => file.FileMetaData.Schema.Column(column).Name,
            column => (column, file.FileMetaData.Schema.Column(column).MaxDefinitionLevel > 0),
            StringComparer.Ordinal);

    /// <summary>Takes a value; empty and absent when the row has none.</summary>
    /// <param name="row">The row within the row group.</param>
    /// <param name="present">Whether there is a value.</param>
    /// <param name="value">It; valid during the call.</param>
    public delegate void TakeBytes(int row, bool present, ReadOnlySpan<byte> value);

    /// <summary>Reads a column of numbers.</summary>
    public void ReadNumbers(RowGroupReader group, string name, int rows, NumbersBuffer to)
    {
        (int index, bool optional) = _columns[name];
        using ColumnReader<long> reader = (ColumnReader<long>)group.Column(index);
        for (int row = 0; row < rows;)
        {
            int levels = (int)reader.ReadBatch(Math.Min(BatchSize, rows - row), _definitions, [], _numbers, out long _);
            int value = 0;
            for (int i = 0; i < levels; i++)
            {
                if (optional && _definitions[i] == 0)
                {
                    to.AddAbsent();
                }
                else
                {
                    to.Add(_numbers[value++]);
                }
            }

            row += levels;
        }
    }

    /// <summary>Reads a column of texts that repeat.</summary>
    public void ReadTexts(RowGroupReader group, string name, int rows, BytesBuffer to)
    {
        byte[] last = [];
        bool any = false;
        ReadBytes(group, name, rows, (_, present, value) =>
        {
            if (!present)
            {
                to.AddAbsent();
            }
            else if (any && value.SequenceEqual(last))
            {
                to.AddAgain();
            }
            else
            {
                last = value.ToArray();
                any = true;
                to.Add(value);
            }
        });
    }

    /// <summary>Reads a column of bytes, row by row.</summary>
    public unsafe void ReadBytes(RowGroupReader group, string name, int rows, TakeBytes take)
    {
        (int index, bool optional) = _columns[name];
        using ColumnReader<ByteArray> reader = (ColumnReader<ByteArray>)group.Column(index);
        for (int row = 0; row < rows;)
        {
            // The bytes are in the page, which the next call may replace.
            int levels = (int)reader.ReadBatch(Math.Min(BatchSize, rows - row), _definitions, [], _bytes, out long _);
            int value = 0;
            for (int i = 0; i < levels; i++)
            {
                bool present = !optional || _definitions[i] == 1;
                take(row + i, present, present ? new ReadOnlySpan<byte>((byte*)_bytes[value].Pointer, _bytes[value].Length) : []);
                value += present ? 1 : 0;
            }

            row += levels;
        }
    }
}
