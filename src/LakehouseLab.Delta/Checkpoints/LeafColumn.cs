using ParquetSharp;

namespace LakehouseLab.Delta.Checkpoints;

/// <summary>One leaf of a Parquet file with its levels (Dremel): what a nested column is on disk.</summary>
/// <typeparam name="T">Type of the values.</typeparam>
/// <param name="Values">The values that are there.</param>
/// <param name="Definitions">Per entry, how many of its optional and repeated ancestors are there.</param>
/// <param name="Repetitions">Per entry, 0 where a row begins.</param>
/// <param name="MaxDefinition">The definition level of a value that is there.</param>
internal sealed record LeafColumn<T>(T[] Values, short[] Definitions, short[] Repetitions, short MaxDefinition)
{
    private const int BatchSize = 4096;

    /// <summary>Reads a leaf of a row group.</summary>
    /// <typeparam name="TPhysical">Physical type of the values.</typeparam>
    /// <param name="group">The row group.</param>
    /// <param name="column">Number of the leaf.</param>
    /// <param name="descriptor">Its description.</param>
    /// <param name="convert">Makes a value of its physical form. Byte arrays are gone after the batch, so they are converted in it.</param>
    public static LeafColumn<T> Read<TPhysical>(RowGroupReader group, int column, ColumnDescriptor descriptor, Func<TPhysical, T> convert)
        where TPhysical : unmanaged
    {
        using ColumnReader reader = group.Column(column);
        ColumnReader<TPhysical> typed = (ColumnReader<TPhysical>)reader;
        List<T> values = [];
        List<short> definitions = [];
        List<short> repetitions = [];
        short[] definitionBatch = new short[BatchSize];
        short[] repetitionBatch = new short[BatchSize];
        TPhysical[] valueBatch = new TPhysical[BatchSize];
        while (typed.HasNext)
        {
            long levels = typed.ReadBatch(BatchSize, definitionBatch, repetitionBatch, valueBatch, out long read);
            for (int value = 0; value < read; value++)
            {
                values.Add(convert(valueBatch[value]));
            }

            definitions.AddRange(descriptor.MaxDefinitionLevel > 0 ? definitionBatch.AsSpan(0, (int)levels) : new short[levels]);
            repetitions.AddRange(descriptor.MaxRepetitionLevel > 0 ? repetitionBatch.AsSpan(0, (int)levels) : new short[levels]);
        }

        return new LeafColumn<T>([.. values], [.. definitions], [.. repetitions], descriptor.MaxDefinitionLevel);
    }

    /// <summary>Per row, its value; the default where it is absent. For leaves that do not repeat.</summary>
    public T?[] ToRows()
    {
        T?[] rows = new T?[Definitions.Length];
        for (int row = 0, value = 0; row < rows.Length; row++)
        {
            rows[row] = Definitions[row] == MaxDefinition ? Values[value++] : default;
        }

        return rows;
    }

    /// <summary>Per row, its values; the default among them where an entry has none. For leaves of lists and maps.</summary>
    /// <param name="entryDefinition">The definition level from which on an entry is there.</param>
    public List<T?>[] ToLists(short entryDefinition)
    {
        List<List<T?>> rows = [];
        for (int entry = 0, value = 0; entry < Definitions.Length; entry++)
        {
            if (Repetitions[entry] == 0)
            {
                rows.Add([]);
            }

            if (Definitions[entry] == MaxDefinition)
            {
                rows[^1].Add(Values[value++]);
            }
            else if (Definitions[entry] >= entryDefinition)
            {
                rows[^1].Add(default);
            }
        }

        return [.. rows];
    }
}

/// <summary>Texts of byte arrays, which are views of memory that is the reader's.</summary>
internal static class LeafText
{
    /// <summary>The bytes as text.</summary>
    public static unsafe string Decode(ByteArray bytes) => System.Text.Encoding.UTF8.GetString((byte*)bytes.Pointer, bytes.Length);
}
