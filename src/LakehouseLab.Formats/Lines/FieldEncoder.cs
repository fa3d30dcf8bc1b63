using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Formats.Lines;

/// <summary>Writes one field of a record: what stands before its value, which it has ready, and the row's value.</summary>
internal abstract class FieldEncoder
{
    /// <summary>Bytes of the longest value besides what stands before it: a 64-bit integer, a UUID or an instant with its quotes.</summary>
    private protected const int LongestValue = 48;

    /// <summary>Bytes that must be writable at a value of the present batch: those that it takes at most with what stands
    /// before it, and those that a fragment is padded with.</summary>
    public abstract int MaxBytes { get; }

    /// <summary>Makes the encoder of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="syntax">How the format writes.</param>
    /// <param name="isFirst">Whether the field is the first of its record.</param>
    public static FieldEncoder Create(Column column, LineSyntax syntax, bool isFirst)
    {
        byte[] name = syntax.Before(column.Field.Name, isFirst);
        byte[] start = [.. name, .. syntax.Quote];
        FieldEncoder encoder = column switch
        {
            Int64Column integers => new Int64Encoder(integers, name),
            DecimalColumn decimals => new DecimalEncoder(decimals, name),
            UuidColumn uuids => new UuidEncoder(uuids, start, syntax.Quote.Length),
            BooleanColumn booleans => new BooleanEncoder(booleans, name),
            TimestampColumn timestamps => new TimestampEncoder(timestamps, start, syntax.Quote.Length),
            DateColumn dates => new DateEncoder(dates, start, syntax.Quote.Length),
            DictionaryColumn texts => new DictionaryEncoder(texts, name, syntax),
            Utf8Column { Field.Type: FieldType.Int64 or FieldType.Decimal or FieldType.Boolean } spelled => new SpelledEncoder(spelled, name),
            Utf8Column texts => new TextEncoder(texts, name, syntax),
            _ => throw new ArgumentOutOfRangeException(nameof(column), column.GetType(), "there is no encoder for this column"),
        };
        return column.Nulls is null ? encoder : new NullableEncoder(column, encoder, syntax.Absent(isFirst));
    }

    /// <summary>Writes the value of a row and what stands before it.</summary>
    /// <param name="to">Where to, with room for <see cref="MaxBytes"/>.</param>
    /// <param name="row">The row.</param>
    /// <returns>Bytes written.</returns>
    public abstract int Write(ref byte to, int row);

    private sealed class NullableEncoder(Column column, FieldEncoder present, byte[] absent) : FieldEncoder
    {
        private readonly Fragment _absent = new(absent);

        public override int MaxBytes => Math.Max(present.MaxBytes, _absent.PaddedLength);

        public override int Write(ref byte to, int row) => column.IsNull(row) ? _absent.CopyTo(ref to) : present.Write(ref to, row);
    }

    private sealed class Int64Encoder(Int64Column column, byte[] name) : FieldEncoder
    {
        private readonly Fragment _name = new(name);

        public override int MaxBytes => _name.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = _name.CopyTo(ref to);
            return at + Digits.WriteInteger(ref Unsafe.Add(ref to, at), column.Values[row]);
        }
    }

    private sealed class BooleanEncoder(BooleanColumn column, byte[] name) : FieldEncoder
    {
        private readonly Fragment _true = new([.. name, .. "true"u8]);
        private readonly Fragment _false = new([.. name, .. "false"u8]);

        public override int MaxBytes => _false.PaddedLength;

        public override int Write(ref byte to, int row) => (column.Values[row] ? _true : _false).CopyTo(ref to);
    }

    private sealed class DecimalEncoder(DecimalColumn column, byte[] name) : FieldEncoder
    {
        private readonly Fragment _name = new(name);

        public override int MaxBytes => _name.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = _name.CopyTo(ref to);
            return at + Digits.WriteDecimal(ref Unsafe.Add(ref to, at), column.Units[row], column.Decimals[row]);
        }
    }

    // The byte behind the value is a quote whether or not the format has one: it counts only if it has.
    private sealed class UuidEncoder(UuidColumn column, byte[] start, int quote) : FieldEncoder
    {
        private readonly Fragment _start = new(start);

        public override int MaxBytes => _start.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = _start.CopyTo(ref to);
            at += Digits.WriteUuid(ref Unsafe.Add(ref to, at), column.High[row], column.Low[row]);
            Unsafe.Add(ref to, at) = (byte)'"';
            return at + quote;
        }
    }

    // What stands before it and its day are the same for most rows in a row, and kept as one fragment.
    private sealed class TimestampEncoder(TimestampColumn column, byte[] start, int quote) : FieldEncoder
    {
        private Fragment _start = new(start);
        private long _dayNumber = long.MinValue;

        public override int MaxBytes => _start.PaddedLength + Fragment.Padding + LongestValue;

        public override int Write(ref byte to, int row)
        {
            long milliseconds = column.Milliseconds[row];
            long day = Math.DivRem(milliseconds, Digits.MillisecondsPerDay, out long time);
            if (time < 0)
            {
                day--;
                time += Digits.MillisecondsPerDay;
            }

            if (day != _dayNumber)
            {
                byte[] date = new byte[11];
                Digits.WriteDate(ref date[0], (int)day);
                date[10] = (byte)'T';
                _start = new Fragment([.. start, .. date]);
                _dayNumber = day;
            }

            int at = _start.CopyTo(ref to);
            at += Digits.WriteTime(ref Unsafe.Add(ref to, at), (int)time);
            Unsafe.Add(ref to, at) = (byte)'"';
            return at + quote;
        }
    }

    private sealed class DateEncoder(DateColumn column, byte[] start, int quote) : FieldEncoder
    {
        private readonly Fragment _start = new(start);

        public override int MaxBytes => _start.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = _start.CopyTo(ref to);
            at += Digits.WriteDate(ref Unsafe.Add(ref to, at), column.Days[row]);
            Unsafe.Add(ref to, at) = (byte)'"';
            return at + quote;
        }
    }

    private sealed class DictionaryEncoder(DictionaryColumn column, byte[] name, LineSyntax syntax) : FieldEncoder
    {
        private FragmentTable _entries = new([]);

        public override int MaxBytes
        {
            get
            {
                if (_entries.Count != column.Dictionary.Count)
                {
                    _entries = new FragmentTable([.. Enumerable.Range(0, column.Dictionary.Count).Select(Entry)]);
                }

                return _entries.LongestPadded;
            }
        }

        public override int Write(ref byte to, int row) => _entries.Copy(column.Indices[row], ref to);

        // Each entry is kept as the record has it, with what stands before it, quotes and escapes.
        private byte[] Entry(int index)
        {
            ReadOnlySpan<byte> text = column.Dictionary.Get(index);
            byte[] written = new byte[syntax.MaxText(text.Length)];
            return [.. name, .. written.AsSpan(0, syntax.WriteText(text, written))];
        }
    }

    private sealed class TextEncoder(Utf8Column column, byte[] name, LineSyntax syntax) : FieldEncoder
    {
        private readonly Fragment _name = new(name);

        public override int MaxBytes => _name.PaddedLength + syntax.MaxText(column.LongestText);

        public override int Write(ref byte to, int row)
        {
            ReadOnlySpan<byte> text = column.GetUtf8(row);
            int at = _name.CopyTo(ref to);
            return at + syntax.WriteText(text, MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, at), syntax.MaxText(text.Length)));
        }
    }

    // A number or truth value that is text already.
    private sealed class SpelledEncoder(Utf8Column column, byte[] name) : FieldEncoder
    {
        private readonly Fragment _name = new(name);

        public override int MaxBytes => _name.PaddedLength + column.LongestText;

        public override int Write(ref byte to, int row)
        {
            ReadOnlySpan<byte> text = column.GetUtf8(row);
            int at = _name.CopyTo(ref to);
            text.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, at), text.Length));
            return at + text.Length;
        }
    }
}
