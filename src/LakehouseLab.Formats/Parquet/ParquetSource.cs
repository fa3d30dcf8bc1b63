using LakehouseLab.World.Batches;
using ParquetSharp;

using Column = LakehouseLab.World.Batches.Column;

namespace LakehouseLab.Formats.Parquet;

/// <summary>Fills a column of a batch from a column of a Parquet file. Not thread-safe.</summary>
internal abstract class ParquetSource
{
    private protected ParquetSource(Column column)
    {
        Column = column;
    }

    /// <summary>What it fills.</summary>
    public Column Column { get; }

    /// <summary>Goes to the beginning of a row group.</summary>
    public abstract void Open(RowGroupReader group);

    /// <summary>Reads the next rows, from row 0 of the batch on.</summary>
    /// <exception cref="InvalidDataException">The column has fewer values than its row group has rows, or one that has no form in JSON.</exception>
    public abstract void Read(int rows);

    /// <summary>Lets go of the row group.</summary>
    public abstract void Close();
}

/// <summary>The same for values of one physical type.</summary>
/// <param name="index">Place of the column in the file.</param>
/// <param name="column">What it fills.</param>
/// <param name="capacity">Rows of the batch.</param>
/// <param name="put">Puts a row's value into the column.</param>
internal sealed class ParquetSource<T>(int index, Column column, int capacity, Action<int, T> put) : ParquetSource(column)
    where T : unmanaged
{
    private readonly short[] _levels = new short[capacity];
    private readonly T[] _values = new T[capacity];
    private ColumnReader<T>? _reader;

    /// <inheritdoc/>
    public override void Open(RowGroupReader group)
    {
        Close();
        _reader = (ColumnReader<T>)group.Column(index);
    }

    /// <inheritdoc/>
    public override void Read(int rows)
    {
        for (int row = 0; row < rows;)
        {
            // What the values point to is theirs until the next call alone.
            int levels = (int)_reader!.ReadBatch(rows - row, _levels, [], _values, out _);
            if (levels == 0)
            {
                throw new InvalidDataException($"column {Column.Field.Name} has fewer values than there are rows");
            }

            int value = 0;
            for (int end = row + levels, level = 0; row < end; row++, level++)
            {
                if (Column.Nulls is null)
                {
                    put(row, _values[value++]);
                    continue;
                }

                Column.Nulls[row] = _levels[level] == 0;
                if (_levels[level] != 0)
                {
                    put(row, _values[value++]);
                }
                else if (Column is Utf8Column text)
                {
                    text.Advance(row, 0);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _reader?.Dispose();
        _reader = null;
    }
}
