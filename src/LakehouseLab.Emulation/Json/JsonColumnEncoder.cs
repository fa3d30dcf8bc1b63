using System.Globalization;
using System.Text;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Emulation.Json;

/// <summary>Writes one field of a record: its name, which it has ready, and the row's value.</summary>
internal abstract class JsonColumnEncoder
{
    private protected JsonColumnEncoder(Column column, bool first)
    {
        Column = column;
        Name = Encoding.UTF8.GetBytes($"{(first ? '{' : ',')}\"{column.Field.Name}\":");
    }

    /// <summary>Most bytes that a value of the present batch takes with its name.</summary>
    public abstract int MaxBytes { get; }

    /// <summary>Bytes of the longest value besides its name: a 64-bit integer, a UUID or an instant with its quotes.</summary>
    private protected const int LongestValue = 48;

    private protected Column Column { get; }

    private protected byte[] Name { get; }

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
    /// <param name="bytes">Where to, with room for <see cref="MaxBytes"/>.</param>
    /// <param name="at">Where to begin.</param>
    /// <param name="row">The row.</param>
    /// <returns>Where it ended.</returns>
    public abstract int Write(byte[] bytes, int at, int row);

    private protected int WriteName(byte[] bytes, int at)
    {
        Name.CopyTo(bytes, at);
        return at + Name.Length;
    }

    private sealed class Int64Encoder(Int64Column column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.Length + LongestValue;

        public override int Write(byte[] bytes, int at, int row)
        {
            at = WriteName(bytes, at);
            column.Values[row].TryFormat(bytes.AsSpan(at), out int written, default, CultureInfo.InvariantCulture);
            return at + written;
        }
    }

    private sealed class BooleanEncoder(BooleanColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.Length + LongestValue;

        public override int Write(byte[] bytes, int at, int row)
        {
            at = WriteName(bytes, at);
            ReadOnlySpan<byte> value = column.Values[row] ? "true"u8 : "false"u8;
            value.CopyTo(bytes.AsSpan(at));
            return at + value.Length;
        }
    }

    private sealed class DecimalEncoder(DecimalColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.Length + LongestValue;

        public override int Write(byte[] bytes, int at, int row)
        {
            at = WriteName(bytes, at);
            return Digits.WriteDecimal(bytes, at, column.Units[row], column.Decimals[row]);
        }
    }

    private sealed class UuidEncoder(UuidColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.Length + LongestValue;

        public override int Write(byte[] bytes, int at, int row)
        {
            at = WriteName(bytes, at);
            bytes[at++] = (byte)'"';
            at = Digits.WriteUuid(bytes, at, column.High[row], column.Low[row]);
            bytes[at++] = (byte)'"';
            return at;
        }
    }

    private sealed class TimestampEncoder(TimestampColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        private readonly byte[] _day = new byte[11];
        private long _dayNumber = long.MinValue;

        public override int MaxBytes => Name.Length + LongestValue;

        public override int Write(byte[] bytes, int at, int row)
        {
            if (column.IsNull(row))
            {
                return at;
            }

            at = WriteName(bytes, at);
            bytes[at++] = (byte)'"';
            long milliseconds = column.Milliseconds[row];
            long day = Math.DivRem(milliseconds, Digits.MillisecondsPerDay, out long time);
            if (day != _dayNumber)
            {
                Digits.WriteDate(_day, 0, (int)day);
                _day[10] = (byte)'T';
                _dayNumber = day;
            }

            _day.CopyTo(bytes, at);
            at = Digits.WriteTime(bytes, at + _day.Length, (int)time);
            bytes[at++] = (byte)'"';
            return at;
        }
    }

    private sealed class DateEncoder(DateColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.Length + LongestValue;

        public override int Write(byte[] bytes, int at, int row)
        {
            at = WriteName(bytes, at);
            bytes[at++] = (byte)'"';
            at = Digits.WriteDate(bytes, at, column.Days[row]);
            bytes[at++] = (byte)'"';
            return at;
        }
    }

    // Each entry is kept as the record has it: name, quotes and escapes included.
    private sealed class DictionaryEncoder(DictionaryColumn column, bool first) : JsonColumnEncoder(column, first)
    {
        private byte[][] _entries = [];
        private int _longest;

        public override int MaxBytes
        {
            get
            {
                if (_entries.Length != column.Dictionary.Count)
                {
                    _entries = [.. Enumerable.Range(0, column.Dictionary.Count).Select(index => (byte[])[.. Name, .. JsonText.Quote(column.Dictionary.Get(index))])];
                    _longest = _entries.Max(entry => entry.Length);
                }

                return _longest;
            }
        }

        public override int Write(byte[] bytes, int at, int row)
        {
            byte[] entry = _entries[column.Indices[row]];
            entry.AsSpan().CopyTo(bytes.AsSpan(at));
            return at + entry.Length;
        }
    }

    private sealed class TextEncoder(Utf8Column column, bool first) : JsonColumnEncoder(column, first)
    {
        public override int MaxBytes => Name.Length + (JsonText.LongestEscape * column.LongestText) + 2;

        public override int Write(byte[] bytes, int at, int row)
        {
            at = WriteName(bytes, at);
            return at + JsonText.Quote(column.GetUtf8(row), bytes.AsSpan(at));
        }
    }
}
