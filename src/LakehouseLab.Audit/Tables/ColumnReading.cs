using System.Runtime.CompilerServices;
using LakehouseLab.Audit.Values;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Audit.Tables;

/// <summary>Reads columns of Parquet files value by value, without making objects of them. Not thread-safe.</summary>
internal sealed class ColumnReading
{
    private const int BatchSize = 4096;
    private const long MicrosecondsPerDay = 86_400_000_000;

    // Of 1970-01-01, as an INT96 timestamp counts days.
    private const long JulianEpoch = 2_440_588;

    private readonly short[] _definitions = new short[BatchSize];
    private readonly short[] _repetitions = new short[BatchSize];
    private readonly long[] _longs = new long[BatchSize];
    private readonly int[] _ints = new int[BatchSize];
    private readonly bool[] _booleans = new bool[BatchSize];
    private readonly ByteArray[] _texts = new ByteArray[BatchSize];
    private readonly Int96[] _instants = new Int96[BatchSize];

    private interface IConversion<T>
    {
        void Give<TSink>(T value, int row, ref TSink sink)
            where TSink : struct, IValueSink;

        void Measure(ReadOnlySpan<T> values, ColumnBounds bounds);
    }

    /// <summary>Reads a column of a row group.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="index">The column's number in the file.</param>
    /// <param name="descriptor">How the file describes it.</param>
    /// <param name="column">What it should be.</param>
    /// <param name="sink">Takes the values.</param>
    /// <param name="bounds">Is told what the column holds; null when nobody wants to know.</param>
    /// <exception cref="FormatException">The file's type cannot be read as the column's.</exception>
    public void Read<TSink>(RowGroupReader group, int index, ColumnDescriptor descriptor, TableColumn column, ref TSink sink, ColumnBounds? bounds)
        where TSink : struct, IValueSink
    {
        bool isText = column.Type is FieldType.Text or FieldType.Uuid;
        using ColumnReader reader = group.Column(index);
        switch (reader)
        {
            case ColumnReader<ByteArray> texts when isText:
                Loop(texts, descriptor, _texts, default(TextConversion), ref sink, bounds);
                break;
            case ColumnReader<long> longs when !isText && column.Type != FieldType.Boolean:
                Loop(longs, descriptor, _longs, new LongConversion(FactorOf(descriptor, column)), ref sink, bounds);
                break;
            case ColumnReader<int> ints when !isText && column.Type is not (FieldType.Boolean or FieldType.Timestamp):
                Loop(ints, descriptor, _ints, new IntConversion(FactorOf(descriptor, column)), ref sink, bounds);
                break;
            case ColumnReader<bool> booleans when column.Type == FieldType.Boolean:
                Loop(booleans, descriptor, _booleans, default(BooleanConversion), ref sink, bounds);
                break;
            case ColumnReader<Int96> instants when column.Type == FieldType.Timestamp:
                Loop(instants, descriptor, _instants, default(InstantConversion), ref sink, bounds);
                break;
            default:
                throw new FormatException($"column {column.Name} is stored as {descriptor.PhysicalType}, which is not a type for {column.LogType}");
        }
    }

    /// <summary>What a stored number of a column is multiplied by.</summary>
    /// <exception cref="FormatException">The file's type cannot be read as the column's.</exception>
    public static long FactorOf(ColumnDescriptor descriptor, TableColumn column)
    {
        using LogicalType logical = descriptor.LogicalType;
        switch (column.Type)
        {
            case FieldType.Decimal:
                int missing = column.Scale - (logical is DecimalLogicalType stored ? stored.Scale : 0);
                long factor = 1;
                for (int i = 0; i < missing; i++)
                {
                    factor *= 10;
                }

                return missing >= 0 ? factor : throw new FormatException($"column {column.Name} has more than {column.Scale} decimals");
            case FieldType.Timestamp:
                return logical is TimestampLogicalType { TimeUnit: var unit } && unit is TimeUnit.Micros or TimeUnit.Millis
                    ? unit == TimeUnit.Micros ? 1 : 1000
                    : throw new FormatException($"column {column.Name} holds no timestamps of microseconds");
            default:
                return logical is DecimalLogicalType { Scale: not 0 } ? throw new FormatException($"column {column.Name} has decimals") : 1;
        }
    }

    // One pass through each column of each file: it must not wait for the tiers of the compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Loop<T, TConversion, TSink>(ColumnReader<T> reader, ColumnDescriptor descriptor, T[] values, TConversion conversion, ref TSink sink, ColumnBounds? bounds)
        where T : unmanaged
        where TConversion : struct, IConversion<T>
        where TSink : struct, IValueSink
    {
        // Asked once: each time is a call out of .NET.
        short present = descriptor.MaxDefinitionLevel;
        int row = 0;
        while (reader.HasNext)
        {
            int levels = (int)reader.ReadBatch(BatchSize, _definitions, _repetitions, values, out long read);
            if (bounds is not null)
            {
                bounds.AddNulls(levels - read);
                conversion.Measure(values.AsSpan(0, (int)read), bounds);
            }

            if (present == 0 || read == levels)
            {
                for (int i = 0; i < (int)read; i++)
                {
                    conversion.Give(values[i], row++, ref sink);
                }

                continue;
            }

            for (int i = 0, value = 0; i < levels; i++, row++)
            {
                if (_definitions[i] == present)
                {
                    conversion.Give(values[value++], row, ref sink);
                }
                else
                {
                    sink.Null(row);
                }
            }
        }
    }

    private readonly struct TextConversion : IConversion<ByteArray>
    {
        public unsafe void Give<TSink>(ByteArray value, int row, ref TSink sink)
            where TSink : struct, IValueSink => sink.Text(row, new ReadOnlySpan<byte>((byte*)value.Pointer, value.Length));

        public void Measure(ReadOnlySpan<ByteArray> values, ColumnBounds bounds) => bounds.Add(values);
    }

    private readonly struct LongConversion(long factor) : IConversion<long>
    {
        public void Give<TSink>(long value, int row, ref TSink sink)
            where TSink : struct, IValueSink => sink.Number(row, unchecked(value * factor));

        public void Measure(ReadOnlySpan<long> values, ColumnBounds bounds)
        {
            (long min, long max) = Extremes.Of(values);
            if (values.Length > 0)
            {
                bounds.Add(unchecked(min * factor), unchecked(max * factor), values.Length);
            }
        }
    }

    private readonly struct IntConversion(long factor) : IConversion<int>
    {
        public void Give<TSink>(int value, int row, ref TSink sink)
            where TSink : struct, IValueSink => sink.Number(row, unchecked(value * factor));

        public void Measure(ReadOnlySpan<int> values, ColumnBounds bounds)
        {
            (int min, int max) = Extremes.Of(values);
            if (values.Length > 0)
            {
                bounds.Add(unchecked(min * factor), unchecked(max * factor), values.Length);
            }
        }
    }

    private readonly struct BooleanConversion : IConversion<bool>
    {
        public void Give<TSink>(bool value, int row, ref TSink sink)
            where TSink : struct, IValueSink => sink.Number(row, value ? 1 : 0);

        public void Measure(ReadOnlySpan<bool> values, ColumnBounds bounds)
        {
            if (values.Length > 0)
            {
                bounds.Add(values.Contains(false) ? 0 : 1, values.Contains(true) ? 1 : 0, values.Length);
            }
        }
    }

    private readonly struct InstantConversion : IConversion<Int96>
    {
        public void Give<TSink>(Int96 value, int row, ref TSink sink)
            where TSink : struct, IValueSink => sink.Number(row, MicrosecondsOf(value));

        public void Measure(ReadOnlySpan<Int96> values, ColumnBounds bounds)
        {
            foreach (Int96 value in values)
            {
                bounds.Add(MicrosecondsOf(value), MicrosecondsOf(value), 1);
            }
        }

        private static long MicrosecondsOf(Int96 value)
        {
            long nanoseconds = unchecked((uint)value.A | ((long)value.B << 32));
            return unchecked(((value.C - JulianEpoch) * MicrosecondsPerDay) + (nanoseconds / 1000));
        }
    }
}
