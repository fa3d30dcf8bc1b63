using System.Runtime.CompilerServices;
using LakehouseLab.Formats.Lines;
using LakehouseLab.World.Batches;
using ParquetSharp;

namespace LakehouseLab.Formats.Parquet;

/// <summary>Writes one field of a domain's batches into Parquet columns, in the type that <see cref="ParquetLayout"/> gives it. Not thread-safe.</summary>
internal abstract class ParquetColumn
{
    /// <summary>Makes the writer of a field, for batches that one factory makes.</summary>
    /// <param name="position">Place of its column in the batches.</param>
    /// <param name="batch">One of the batches.</param>
    public static ParquetColumn Create(int position, RecordBatch batch) => batch.Columns[position] switch
    {
        Int64Column => new Int64Writer(position),
        DecimalColumn { Field.Precision: <= ParquetLayout.ShortDecimalPrecision } => new ShortDecimalWriter(position, batch.Capacity),
        DecimalColumn => new DecimalWriter(position, batch.Capacity),
        UuidColumn => new UuidWriter(position, batch.Capacity),
        BooleanColumn => new BooleanWriter(position),
        TimestampColumn => new TimestampWriter(position, batch.Capacity),
        DateColumn => new DateWriter(position),
        DictionaryColumn => new DictionaryWriter(position, batch.Capacity),
        Utf8Column => new TextWriter(position, batch.Capacity),
        var column => throw new ArgumentOutOfRangeException(nameof(batch), column.GetType(), "there is no Parquet writer for this column"),
    };

    /// <summary>Bytes that some rows take at most, before they are compressed.</summary>
    public abstract long MaxBytes(RecordBatch batch, int first, int count);

    /// <summary>Writes some rows.</summary>
    public abstract void Write(ColumnWriter writer, RecordBatch batch, int first, int count);

    private static readonly long[] s_powers = [.. Enumerable.Range(0, 19).Select(exponent => (long)Math.Pow(10, exponent))];

    // A dictionary in vain costs an index beside each value.
    private const int IndexBytes = 3;

    private static long Scaled(DecimalColumn column, int row) => column.Units[row] * s_powers[column.Field.Scale - column.Decimals[row]];

    private sealed class Int64Writer(int position) : ParquetColumn
    {
        public override long MaxBytes(RecordBatch batch, int first, int count) => (sizeof(long) + IndexBytes) * (long)count;

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count) =>
            ((ColumnWriter<long>)writer).WriteBatch(((Int64Column)batch.Columns[position]).Values.AsSpan(first, count));
    }

    private sealed class BooleanWriter(int position) : ParquetColumn
    {
        public override long MaxBytes(RecordBatch batch, int first, int count) => count;

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count) =>
            ((ColumnWriter<bool>)writer).WriteBatch(((BooleanColumn)batch.Columns[position]).Values.AsSpan(first, count));
    }

    private sealed class DateWriter(int position) : ParquetColumn
    {
        public override long MaxBytes(RecordBatch batch, int first, int count) => (sizeof(int) + IndexBytes) * (long)count;

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count) =>
            ((ColumnWriter<int>)writer).WriteBatch(((DateColumn)batch.Columns[position]).Days.AsSpan(first, count));
    }

    private sealed class ShortDecimalWriter(int position, int capacity) : ParquetColumn
    {
        private readonly int[] _values = new int[capacity];

        public override long MaxBytes(RecordBatch batch, int first, int count) => (sizeof(int) + IndexBytes) * (long)count;

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count)
        {
            DecimalColumn column = (DecimalColumn)batch.Columns[position];
            for (int i = 0; i < count; i++)
            {
                _values[i] = (int)Scaled(column, first + i);
            }

            ((ColumnWriter<int>)writer).WriteBatch(_values.AsSpan(0, count));
        }
    }

    private sealed class DecimalWriter(int position, int capacity) : ParquetColumn
    {
        private readonly long[] _values = new long[capacity];

        public override long MaxBytes(RecordBatch batch, int first, int count) => (sizeof(long) + IndexBytes) * (long)count;

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count)
        {
            DecimalColumn column = (DecimalColumn)batch.Columns[position];
            for (int i = 0; i < count; i++)
            {
                _values[i] = Scaled(column, first + i);
            }

            ((ColumnWriter<long>)writer).WriteBatch(_values.AsSpan(0, count));
        }
    }

    // Absent values have a level and no value.
    private sealed class TimestampWriter(int position, int capacity) : ParquetColumn
    {
        private readonly long[] _values = new long[capacity];
        private readonly short[] _levels = new short[capacity];

        public override long MaxBytes(RecordBatch batch, int first, int count) => (sizeof(long) + 1) * (long)count;

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count)
        {
            TimestampColumn column = (TimestampColumn)batch.Columns[position];
            int present = 0;
            for (int row = first; row < first + count; row++)
            {
                bool isNull = column.IsNull(row);
                _levels[row - first] = isNull ? (short)0 : (short)1;
                if (!isNull)
                {
                    _values[present++] = column.Milliseconds[row] * 1000;
                }
            }

            ReadOnlySpan<short> levels = column.Nulls is null ? [] : _levels.AsSpan(0, count);
            ((ColumnWriter<long>)writer).WriteBatch(count, levels, [], _values.AsSpan(0, present));
        }
    }

    // All ids have the same length, so the place of each is known once for all.
    private sealed unsafe class UuidWriter : ParquetColumn
    {
        private const int Length = 36;
        private readonly int _position;
        private readonly byte[] _text;
        private readonly ByteArray[] _values;

        public UuidWriter(int position, int capacity)
        {
            _position = position;
            _text = GC.AllocateUninitializedArray<byte>(capacity * Length, pinned: true);
            byte* text = (byte*)Unsafe.AsPointer(ref _text[0]);
            _values = [.. Enumerable.Range(0, capacity).Select(row => new ByteArray((nint)(text + (row * Length)), Length))];
        }

        public override long MaxBytes(RecordBatch batch, int first, int count) => (sizeof(int) + Length) * (long)count;

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count)
        {
            UuidColumn column = (UuidColumn)batch.Columns[_position];
            for (int i = 0; i < count; i++)
            {
                Digits.WriteUuid(ref _text[i * Length], column.High[first + i], column.Low[first + i]);
            }

            ((ColumnWriter<ByteArray>)writer).WriteBatch(_values.AsSpan(0, count));
        }
    }

    // The dictionary's texts are where the native writer can read them; a row is a pointer to one.
    private sealed unsafe class DictionaryWriter(int position, int capacity) : ParquetColumn
    {
        private readonly ByteArray[] _values = new ByteArray[capacity];
        private byte[] _text = [];
        private ByteArray[] _entries = [];
        private int _longest;

        public override long MaxBytes(RecordBatch batch, int first, int count)
        {
            Update(((DictionaryColumn)batch.Columns[position]).Dictionary);
            return (sizeof(int) + IndexBytes + _longest) * (long)count;
        }

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count)
        {
            DictionaryColumn column = (DictionaryColumn)batch.Columns[position];
            Update(column.Dictionary);
            for (int i = 0; i < count; i++)
            {
                _values[i] = _entries[column.Indices[first + i]];
            }

            ((ColumnWriter<ByteArray>)writer).WriteBatch(_values.AsSpan(0, count));
            GC.KeepAlive(_text);
        }

        private void Update(Utf8Dictionary dictionary)
        {
            if (_entries.Length == dictionary.Count)
            {
                return;
            }

            _entries = new ByteArray[dictionary.Count];
            _text = GC.AllocateUninitializedArray<byte>(Enumerable.Range(0, dictionary.Count).Sum(index => dictionary.Get(index).Length) + 1, pinned: true);
            int at = 0;
            for (int index = 0; index < dictionary.Count; index++)
            {
                ReadOnlySpan<byte> text = dictionary.Get(index);
                text.CopyTo(_text.AsSpan(at));
                _entries[index] = new ByteArray((nint)Unsafe.AsPointer(ref _text[at]), text.Length);
                _longest = Math.Max(_longest, text.Length);
                at += text.Length;
            }
        }
    }

    private sealed unsafe class TextWriter(int position, int capacity) : ParquetColumn
    {
        private readonly ByteArray[] _values = new ByteArray[capacity];
        private byte[] _text = [];

        public override long MaxBytes(RecordBatch batch, int first, int count)
        {
            Utf8Column column = (Utf8Column)batch.Columns[position];
            long bytes = 0;
            for (int row = first; row < first + count; row++)
            {
                bytes += sizeof(int) + column.GetUtf8(row).Length;
            }

            return bytes;
        }

        public override void Write(ColumnWriter writer, RecordBatch batch, int first, int count)
        {
            Utf8Column column = (Utf8Column)batch.Columns[position];
            int bytes = column.LongestText * count;
            if (_text.Length < bytes)
            {
                _text = GC.AllocateUninitializedArray<byte>(bytes * 2, pinned: true);
            }

            int at = 0;
            fixed (byte* start = _text)
            {
                for (int i = 0; i < count; i++)
                {
                    ReadOnlySpan<byte> text = column.GetUtf8(first + i);
                    text.CopyTo(_text.AsSpan(at));
                    _values[i] = new ByteArray((nint)(start + at), text.Length);
                    at += text.Length;
                }
            }

            ((ColumnWriter<ByteArray>)writer).WriteBatch(_values.AsSpan(0, count));
        }
    }
}
