using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LakehouseLab.Formats.Lines;

/// <summary>Numbers, ids, dates and times as ASCII. Each method writes at a place that has room for it, and returns the bytes written.</summary>
internal static class Digits
{
    public const long MillisecondsPerDay = 86_400_000;

    private static readonly ushort[] Pairs = [.. Enumerable.Range(0, 100).Select(pair => Pack('0' + (pair / 10), '0' + (pair % 10)))];

    /// <summary>Writes an integer.</summary>
    public static int WriteInteger(ref byte to, long value)
    {
        if (value >= 0)
        {
            return WriteDigits(ref to, (ulong)value);
        }

        to = (byte)'-';
        return 1 + WriteDigits(ref Unsafe.Add(ref to, 1), unchecked(0 - (ulong)value));
    }

    /// <summary>Writes units ÷ 10^decimals with exactly that many decimals, at most 18.</summary>
    public static int WriteDecimal(ref byte to, long units, int decimals)
    {
        int at = 0;
        ulong magnitude = unchecked((ulong)units);
        if (units < 0)
        {
            to = (byte)'-';
            at = 1;
            magnitude = unchecked(0 - (ulong)units);
        }

        if (decimals == 0)
        {
            return at + WriteDigits(ref Unsafe.Add(ref to, at), magnitude);
        }

        ulong scale = 100;
        if (decimals != 2)
        {
            scale = 1;
            for (int i = 0; i < decimals; i++)
            {
                scale *= 10;
            }
        }

        ulong whole = scale == 100 ? magnitude / 100 : magnitude / scale;
        ulong fraction = magnitude - (whole * scale);
        at += WriteDigits(ref Unsafe.Add(ref to, at), whole);
        Unsafe.Add(ref to, at++) = (byte)'.';
        for (int place = at + decimals - 1; place >= at; place--)
        {
            Unsafe.Add(ref to, place) = (byte)('0' + (fraction % 10));
            fraction /= 10;
        }

        return at + decimals;
    }

    /// <summary>Writes a UUID in lower case with hyphens.</summary>
    public static int WriteUuid(ref byte to, ulong high, ulong low)
    {
        Vector128<byte> first = Hexadecimal(high);
        Vector128<byte> second = Hexadecimal(low);
        Unsafe.WriteUnaligned(ref to, first.AsUInt64().GetElement(0));
        Unsafe.Add(ref to, 8) = (byte)'-';
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 9), first.AsUInt32().GetElement(2));
        Unsafe.Add(ref to, 13) = (byte)'-';
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 14), first.AsUInt32().GetElement(3));
        Unsafe.Add(ref to, 18) = (byte)'-';
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 19), second.AsUInt32().GetElement(0));
        Unsafe.Add(ref to, 23) = (byte)'-';
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 24), second.AsUInt32().GetElement(1));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 28), second.AsUInt64().GetElement(1));
        return 36;
    }

    /// <summary>Writes yyyy-MM-dd of a day since 1970-01-01.</summary>
    public static int WriteDate(ref byte to, int day)
    {
        DateOnly date = DateOnly.FromDayNumber(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);
        Put(ref to, 0, date.Year / 100);
        Put(ref to, 2, date.Year % 100);
        Unsafe.Add(ref to, 4) = (byte)'-';
        Put(ref to, 5, date.Month);
        Unsafe.Add(ref to, 7) = (byte)'-';
        Put(ref to, 8, date.Day);
        return 10;
    }

    /// <summary>Writes HH:mm:ss.fffZ of milliseconds since midnight.</summary>
    public static int WriteTime(ref byte to, int milliseconds)
    {
        uint seconds = (uint)milliseconds / 1000;
        uint fraction = (uint)milliseconds - (seconds * 1000);
        uint minutes = seconds / 60;
        uint hours = minutes / 60;
        Put(ref to, 0, (int)hours);
        Unsafe.Add(ref to, 2) = (byte)':';
        Put(ref to, 3, (int)(minutes - (hours * 60)));
        Unsafe.Add(ref to, 5) = (byte)':';
        Put(ref to, 6, (int)(seconds - (minutes * 60)));
        Unsafe.Add(ref to, 8) = (byte)'.';
        Unsafe.Add(ref to, 9) = (byte)('0' + (fraction / 100));
        Put(ref to, 10, (int)(fraction % 100));
        Unsafe.Add(ref to, 12) = (byte)'Z';
        return 13;
    }

    private static int WriteDigits(ref byte to, ulong value)
    {
        int length = Length(value);
        int at = length;
        while (value >= 100)
        {
            ulong rest = value / 100;
            at -= 2;
            Put(ref to, at, (int)(value - (rest * 100)));
            value = rest;
        }

        if (value >= 10)
        {
            Put(ref to, 0, (int)value);
        }
        else
        {
            to = (byte)('0' + value);
        }

        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Length(ulong value)
    {
        int length = 1;
        while (value >= 1000)
        {
            value /= 1000;
            length += 3;
        }

        return length + (value >= 100 ? 2 : value >= 10 ? 1 : 0);
    }

    // The 16 digits of a number: its bytes from the most significant one on, each as two nibbles, each looked up.
    private static Vector128<byte> Hexadecimal(ulong value)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value) : value).AsByte();
        Vector128<byte> doubled = Vector128.Shuffle(bytes, Vector128.Create((byte)0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));
        Vector128<byte> upper = Vector128.ShiftRightLogical(doubled.AsUInt16(), 4).AsByte();
        Vector128<byte> isUpper = Vector128.Create((ushort)0x00FF).AsByte();
        Vector128<byte> nibbles = Vector128.ConditionalSelect(isUpper, upper, doubled) & Vector128.Create((byte)0x0F);
        return Vector128.Shuffle(Vector128.Create("0123456789abcdef"u8), nibbles);
    }

    private static ushort Pack(int first, int second) =>
        BitConverter.IsLittleEndian ? (ushort)(first | (second << 8)) : (ushort)((first << 8) | second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref byte to, int at, int pair) => Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, at), Pairs[pair]);
}
