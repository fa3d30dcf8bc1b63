using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LakehouseLab.Emulation.Json;

/// <summary>Numbers, ids, dates and times as ASCII, two digits at a time.</summary>
internal static class Digits
{
    public const long MillisecondsPerDay = 86_400_000;

    private static readonly ushort[] Pairs = [.. Enumerable.Range(0, 100).Select(pair => Pack('0' + (pair / 10), '0' + (pair % 10)))];
    private static readonly ushort[] HexPairs = [.. Enumerable.Range(0, 256).Select(value => Pack("0123456789abcdef"[value >> 4], "0123456789abcdef"[value & 15]))];

    /// <summary>Writes units ÷ 10^decimals with exactly that many decimals, at most 18.</summary>
    public static int WriteDecimal(byte[] bytes, int at, long units, int decimals)
    {
        if (units < 0)
        {
            bytes[at++] = (byte)'-';
            units = -units;
        }

        if (decimals == 2)
        {
            (long whole, long cents) = Math.DivRem(units, 100);
            whole.TryFormat(bytes.AsSpan(at), out int digits, default, CultureInfo.InvariantCulture);
            at += digits;
            bytes[at] = (byte)'.';
            Put(bytes, at + 1, Pairs[cents]);
            return at + 3;
        }

        // Zeros before the first digit make the text long enough for a point: 5 at three decimals is 0005.
        units.TryFormat(bytes.AsSpan(at), out int written, default, CultureInfo.InvariantCulture);
        if (decimals == 0)
        {
            return at + written;
        }

        int missing = Math.Max(0, decimals + 1 - written);
        bytes.AsSpan(at, written).CopyTo(bytes.AsSpan(at + missing));
        bytes.AsSpan(at, missing).Fill((byte)'0');
        int point = at + missing + written - decimals;
        bytes.AsSpan(point, decimals).CopyTo(bytes.AsSpan(point + 1));
        bytes[point] = (byte)'.';
        return point + 1 + decimals;
    }

    /// <summary>Writes a UUID in lower case with hyphens.</summary>
    public static int WriteUuid(byte[] bytes, int at, ulong high, ulong low)
    {
        for (int shift = 56; shift >= 0; shift -= 8)
        {
            Put(bytes, at, HexPairs[(int)((high >> shift) & 255)]);
            at += 2;
            if (shift is 32 or 16 or 0)
            {
                bytes[at++] = (byte)'-';
            }
        }

        for (int shift = 56; shift >= 0; shift -= 8)
        {
            Put(bytes, at, HexPairs[(int)((low >> shift) & 255)]);
            at += 2;
            if (shift == 48)
            {
                bytes[at++] = (byte)'-';
            }
        }

        return at;
    }

    /// <summary>Writes yyyy-MM-dd of a day since 1970-01-01.</summary>
    public static int WriteDate(byte[] bytes, int at, int day)
    {
        DateOnly date = DateOnly.FromDayNumber(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);
        Put(bytes, at, Pairs[date.Year / 100]);
        Put(bytes, at + 2, Pairs[date.Year % 100]);
        bytes[at + 4] = (byte)'-';
        Put(bytes, at + 5, Pairs[date.Month]);
        bytes[at + 7] = (byte)'-';
        Put(bytes, at + 8, Pairs[date.Day]);
        return at + 10;
    }

    /// <summary>Writes HH:mm:ss.fffZ of milliseconds since midnight.</summary>
    public static int WriteTime(byte[] bytes, int at, int milliseconds)
    {
        (int seconds, int fraction) = Math.DivRem(milliseconds, 1000);
        (int minutes, int second) = Math.DivRem(seconds, 60);
        (int hour, int minute) = Math.DivRem(minutes, 60);
        Put(bytes, at, Pairs[hour]);
        bytes[at + 2] = (byte)':';
        Put(bytes, at + 3, Pairs[minute]);
        bytes[at + 5] = (byte)':';
        Put(bytes, at + 6, Pairs[second]);
        bytes[at + 8] = (byte)'.';
        bytes[at + 9] = (byte)('0' + (fraction / 100));
        Put(bytes, at + 10, Pairs[fraction % 100]);
        bytes[at + 12] = (byte)'Z';
        return at + 13;
    }

    private static ushort Pack(int first, int second) =>
        BitConverter.IsLittleEndian ? (ushort)(first | (second << 8)) : (ushort)((first << 8) | second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(byte[] bytes, int at, ushort pair) => MemoryMarshal.Write(bytes.AsSpan(at, 2), pair);
}
