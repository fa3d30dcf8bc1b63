using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using LakehouseLab.Formats.Lines;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Formats.Parquet;

/// <summary>Says for every type of Parquet that has a form in JSON what becomes of its values.</summary>
internal static class ParquetSources
{
    // Digits of a number that always fits into 64 bits.
    private const int LongPrecision = 18;

    // 1970-01-01 as INT96 counts days.
    private const int JulianUnixDay = 2_440_588;
    private const int LongestInstant = 40;
    private const int LongestNumber = 64;

    /// <summary>Makes the source of a column.</summary>
    /// <exception cref="UnreadableObjectException">Its type has no form in JSON.</exception>
    public static ParquetSource Create(ColumnDescriptor descriptor, int index, int capacity, string place)
    {
        using LogicalType logical = descriptor.LogicalType;
        string path = descriptor.Path.ToDotString();
        if (descriptor.MaxRepetitionLevel > 0 || descriptor.MaxDefinitionLevel > 1 || descriptor.Path.ToDotVector().Length > 1)
        {
            throw new UnreadableObjectException($"{place}: column {path} is nested, which no record here is: write it without, or move the file away");
        }

        Target target = new(path, descriptor.MaxDefinitionLevel > 0, index, capacity, place);
        return descriptor.PhysicalType switch
        {
            PhysicalType.Boolean => target.Booleans(),
            PhysicalType.Int32 => Integer(target, logical, static (int value) => value),
            PhysicalType.Int64 => Integer(target, logical, static (long value) => value),
            PhysicalType.Int96 => target.Texts<Int96>(LongestInstant, static (value, to) => WriteInt96(value, to)),
            PhysicalType.Float => target.Numbers<float>(static (value, to) => WriteNumber(value, to)),
            PhysicalType.Double => target.Numbers<double>(static (value, to) => WriteNumber(value, to)),
            PhysicalType.ByteArray when logical is StringLogicalType or EnumLogicalType or JsonLogicalType or NoneLogicalType => target.Utf8(),
            PhysicalType.ByteArray when logical is DecimalLogicalType type => target.Wide<ByteArray>(type, static value => Read(value.Pointer, value.Length)),
            PhysicalType.FixedLenByteArray when logical is DecimalLogicalType type => Fixed(target, type, descriptor.TypeLength),
            PhysicalType.FixedLenByteArray when logical is UuidLogicalType => target.Texts<FixedLenByteArray>(LongestInstant, static (value, to) => WriteUuid(value, to)),
            _ => target.Unknown(logical, descriptor.PhysicalType),
        };
    }

    private static ParquetSource<FixedLenByteArray> Fixed(Target target, DecimalLogicalType type, int length) =>
        target.Wide<FixedLenByteArray>(type, value => Read(value.Pointer, length));

    private static ParquetSource Integer<T>(Target target, LogicalType logical, Func<T, long> widen)
        where T : unmanaged => logical switch
        {
            NoneLogicalType or NullLogicalType or IntLogicalType { IsSigned: true } => target.Integers(widen),
            IntLogicalType { BitWidth: < 64 } => target.Integers<T>(value => (uint)widen(value)),
            IntLogicalType => target.Numbers<T>((value, to) => Format(unchecked((ulong)widen(value)), to)),
            DecimalLogicalType type => target.Decimals(type, widen),
            DateLogicalType => target.Dates(widen),
            TimestampLogicalType type => Timestamps(target, type, widen),
            _ => target.Unknown(logical, typeof(T) == typeof(int) ? PhysicalType.Int32 : PhysicalType.Int64),
        };

    private static ParquetSource<T> Timestamps<T>(Target target, TimestampLogicalType type, Func<T, long> widen)
        where T : unmanaged
    {
        long perMillisecond = type.TimeUnit switch { TimeUnit.Millis => 1, TimeUnit.Micros => 1_000, _ => 1_000_000 };
        bool isUtc = type.IsAdjustedToUtc;
        return target.Texts<T>(LongestInstant, (value, to) =>
        {
            long milliseconds = Math.DivRem(widen(value), perMillisecond, out long rest);
            return rest < 0
                ? WriteInstant(milliseconds - 1, (rest + perMillisecond) * (1_000_000 / perMillisecond), isUtc, to)
                : WriteInstant(milliseconds, rest * (1_000_000 / perMillisecond), isUtc, to);
        });
    }

    private static int WriteInt96(Int96 value, Span<byte> to)
    {
        long nanoseconds = ((long)value.B << 32) | (uint)value.A;
        return WriteInstant(((value.C - JulianUnixDay) * Digits.MillisecondsPerDay) + (nanoseconds / 1_000_000), nanoseconds % 1_000_000, isUtc: true, to);
    }

    /// <summary>Writes an instant with three decimals of a second, or six or nine where they are needed.</summary>
    private static int WriteInstant(long milliseconds, long nanoseconds, bool isUtc, Span<byte> to)
    {
        long day = Math.DivRem(milliseconds, Digits.MillisecondsPerDay, out long time);
        if (time < 0)
        {
            day--;
            time += Digits.MillisecondsPerDay;
        }

        if (!IsDay(day))
        {
            return WriteOtherDay(day, to);
        }

        Digits.WriteDate(ref to[0], (int)day);
        to[10] = (byte)'T';
        int length = 11 + Digits.WriteTime(ref to[11], (int)time) - 1;
        if (nanoseconds > 0)
        {
            nanoseconds.TryFormat(to[length..], out int written, "D6", CultureInfo.InvariantCulture);
            length += nanoseconds % 1000 == 0 ? 3 : written;
        }

        to[length] = (byte)'Z';
        return length + (isUtc ? 1 : 0);
    }

    private static int WriteDay(long day, Span<byte> to) => IsDay(day) ? Digits.WriteDate(ref to[0], (int)day) : WriteOtherDay(day, to);

    // A value that no date of JSON can be is kept as a text, which its field then refuses for its record alone.
    private static int WriteOtherDay(long day, Span<byte> to) =>
        System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"day {day} since 1970-01-01"), to);

    // The years 1 to 9999.
    private static bool IsDay(long day) => day is >= -719_162 and <= 2_932_896;

    // Likewise what is not a number to JSON: NaN and the infinities.
    private static int WriteNumber<T>(T value, Span<byte> to)
        where T : IFloatingPointIeee754<T>
    {
        ReadOnlySpan<byte> text = T.IsNaN(value) ? "\"NaN\""u8 : T.IsPositiveInfinity(value) ? "\"Infinity\""u8 : T.IsNegativeInfinity(value) ? "\"-Infinity\""u8 : default;
        text.CopyTo(to);
        return text.Length > 0 ? text.Length : Format(value, to);
    }

    private static int Format<T>(T value, Span<byte> to)
        where T : IUtf8SpanFormattable => value.TryFormat(to, out int written, default, CultureInfo.InvariantCulture) ? written : 0;

    private static unsafe int WriteUuid(FixedLenByteArray value, Span<byte> to)
    {
        ReadOnlySpan<byte> bytes = new((void*)value.Pointer, 16);
        return Digits.WriteUuid(ref to[0], BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    private static unsafe BigInteger Read(nint pointer, int length) => new(new ReadOnlySpan<byte>((void*)pointer, length), isUnsigned: false, isBigEndian: true);

    private delegate int Write<T>(T value, Span<byte> to);

    /// <summary>Makes the columns that values are put into.</summary>
    private sealed class Target(string name, bool nullable, int index, int capacity, string place)
    {
        public ParquetSource<bool> Booleans()
        {
            BooleanColumn column = new(FieldOf(FieldType.Boolean), capacity);
            return new ParquetSource<bool>(index, column, capacity, (row, value) => column.Values[row] = value);
        }

        public ParquetSource<T> Integers<T>(Func<T, long> widen)
            where T : unmanaged
        {
            Int64Column column = new(FieldOf(FieldType.Int64), capacity);
            return new ParquetSource<T>(index, column, capacity, (row, value) => column.Values[row] = widen(value));
        }

        public ParquetSource<T> Decimals<T>(DecimalLogicalType type, Func<T, long> widen)
            where T : unmanaged
        {
            DecimalColumn column = new(FieldOf(FieldType.Decimal) with { Precision = type.Precision, Scale = type.Scale }, capacity);
            return new ParquetSource<T>(index, column, capacity, (row, value) => column.Units[row] = widen(value));
        }

        public ParquetSource<T> Wide<T>(DecimalLogicalType type, Func<T, BigInteger> read)
            where T : unmanaged
        {
            if (type.Precision <= LongPrecision)
            {
                return Decimals<T>(type, value => (long)read(value));
            }

            int scale = type.Scale;
            return Numbers<T>((value, to) =>
            {
                BigInteger units = read(value);
                string digits = BigInteger.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
                string text = (units.Sign < 0 ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : "");
                return System.Text.Encoding.ASCII.GetBytes(text, to);
            });
        }

        public ParquetSource<T> Dates<T>(Func<T, long> widen)
            where T : unmanaged => Texts<T>(LongestInstant, (value, to) => WriteDay(widen(value), to));

        public ParquetSource<T> Numbers<T>(Write<T> write)
            where T : unmanaged => Written(new Utf8Column(FieldOf(FieldType.Decimal), capacity), LongestNumber, write);

        public ParquetSource<T> Texts<T>(int longest, Write<T> write)
            where T : unmanaged => Written(new Utf8Column(FieldOf(FieldType.Text), capacity), longest, write);

        public unsafe ParquetSource<ByteArray> Utf8()
        {
            Utf8Column column = new(FieldOf(FieldType.Text), capacity);
            return new ParquetSource<ByteArray>(index, column, capacity, (row, value) =>
            {
                ReadOnlySpan<byte> text = new((void*)value.Pointer, value.Length);
                text.CopyTo(column.Reserve(row, text.Length));
                column.Advance(row, text.Length);
            });
        }

        public ParquetSource Unknown(LogicalType logical, PhysicalType physical) => throw new UnreadableObjectException(
            $"{place}: column {name} is of type {(logical is NoneLogicalType ? physical : logical.Type)}, which has no form in JSON: write it as a number, text, date or timestamp, or move the file away");

        private ParquetSource<T> Written<T>(Utf8Column column, int longest, Write<T> write)
            where T : unmanaged => new(index, column, capacity, (row, value) => column.Advance(row, write(value, column.Reserve(row, longest))));

        private Field FieldOf(FieldType type) => new(name, type, "") { Nullable = nullable };
    }
}
