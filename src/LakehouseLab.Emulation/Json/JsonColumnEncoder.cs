using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Emulation.Json;

/// <summary>Writes one field of a record: its name, which it has ready, and the row's value.</summary>
internal abstract class JsonColumnEncoder
{
    private protected JsonColumnEncoder(Column column, bool first)
    {
        Name = new Fragment(Encoding.UTF8.GetBytes(NameOf(column, first)));
    }

    /// <summary>Bytes that must be writable at a value of the present batch: those that it takes with its name at most, and
    /// those that a fragment is padded with.</summary>
    public abstract int MaxBytes { get; }

    /// <summary>Bytes of the longest value besides its name: a 64-bit integer, a UUID or an instant with its quotes.</summary>
    private protected const int LongestValue = 48;

    private protected Fragment Name { get; }

    /// <summary>Makes the encoder of a column.</summary>
    public static JsonColumnEncoder Create(Column column, bool first) => column switch
    {
        Int64Column integers => new Int64Encoder(integers, first),
        DecimalColumn decimals => new DecimalEncoder(decimals, first),
        UuidColumn uuids => new UuidEncoder(uuids, first),
        BooleanColumn booleans => new BooleanEncoder(booleans, first),
        TimestampColumn timestamps => new TimestampEncoder(timestamps, first),
        DateColumn dates => new DateEncoder(dates, first),
        DictionaryColumn texts => new DictionaryEncoder(texts, first),
        Utf8Column texts => new TextEncoder(texts, first),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.GetType(), "there is no JSON encoder for this column"),
    };

    /// <summary>Writes the name and the value of a row.</summary>
    /// <param name="to">Where to, with room for <see cref="MaxBytes"/>.</param>
    /// <param name="row">The row.</param>
    /// <returns>Bytes written.</returns>
    public abstract int Write(ref byte to, int row);

    private static string NameOf(Column column, bool first) => $"{(first ? '{' : ',')}\"{column.Field.Name}\":";

    private sealed class Int64Encoder(Int64Column column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = Name.CopyTo(ref to);
            return at + Digits.WriteInteger(ref Unsafe.Add(ref to, at), column.Values[row]);
        }
    }

    private sealed class BooleanEncoder(BooleanColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        private readonly Fragment _true = new(Encoding.UTF8.GetBytes(NameOf(column, first) + "true"));
        private readonly Fragment _false = new(Encoding.UTF8.GetBytes(NameOf(column, first) + "false"));

        public override int MaxBytes => _false.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row) => (column.Values[row] ? _true : _false).CopyTo(ref to);
    }

    private sealed class DecimalEncoder(DecimalColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = Name.CopyTo(ref to);
            return at + Digits.WriteDecimal(ref Unsafe.Add(ref to, at), column.Units[row], column.Decimals[row]);
        }
    }

    private sealed class UuidEncoder(UuidColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        private readonly Fragment _start = new(Encoding.UTF8.GetBytes(NameOf(column, first) + '"'));

        public override int MaxBytes => _start.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = _start.CopyTo(ref to);
            at += Digits.WriteUuid(ref Unsafe.Add(ref to, at), column.High[row], column.Low[row]);
            Unsafe.Add(ref to, at) = (byte)'"';
            return at + 1;
        }
    }

    // Name and day are the same for most rows in a row, and kept as one fragment.
    private sealed class TimestampEncoder(TimestampColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        private readonly string _name = NameOf(column, first) + '"';
        private Fragment _start = new([]);
        private long _dayNumber = long.MinValue;

        public override int MaxBytes => Name.PaddedLength + Fragment.Padding + LongestValue;

        public override int Write(ref byte to, int row)
        {
            if (column.IsNull(row))
            {
                return 0;
            }

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
                _start = new Fragment([.. Encoding.UTF8.GetBytes(_name), .. date]);
                _dayNumber = day;
            }

            int at = _start.CopyTo(ref to);
            at += Digits.WriteTime(ref Unsafe.Add(ref to, at), (int)time);
            Unsafe.Add(ref to, at) = (byte)'"';
            return at + 1;
        }
    }

    private sealed class DateEncoder(DateColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        private readonly Fragment _start = new(Encoding.UTF8.GetBytes(NameOf(column, first) + '"'));

        public override int MaxBytes => _start.PaddedLength + LongestValue;

        public override int Write(ref byte to, int row)
        {
            int at = _start.CopyTo(ref to);
            at += Digits.WriteDate(ref Unsafe.Add(ref to, at), column.Days[row]);
            Unsafe.Add(ref to, at) = (byte)'"';
            return at + 1;
        }
    }

    private sealed class DictionaryEncoder(DictionaryColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        private readonly byte[] _name = Encoding.UTF8.GetBytes(NameOf(column, first));
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

        // Each entry is kept as the record has it: name, quotes and escapes included.
        private byte[] Entry(int index) => [.. _name, .. JsonText.Quote(column.Dictionary.Get(index))];
    }

    private sealed class TextEncoder(Utf8Column column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.PaddedLength + JsonText.MaxQuoted(column.LongestText);

        public override int Write(ref byte to, int row)
        {
            ReadOnlySpan<byte> text = column.GetUtf8(row);
            int at = Name.CopyTo(ref to);
            return at + JsonText.Quote(text, MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, at), JsonText.MaxQuoted(text.Length)));
        }
    }
}
