using System.Buffers.Binary;

namespace LakehouseLab.World.Keys;

/// <summary>UUIDs as every record and table has them: 36 characters, lower case, hyphens.</summary>
public static class UuidText
{
    /// <summary>Bytes of a UUID.</summary>
    public const int Length = 36;

    /// <summary>Reads a UUID.</summary>
    /// <returns>Whether the text is one in exactly this form.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong high, out ulong low)
    {
        high = low = 0;
        if (text.Length != Length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        bool valid = TryRead(BinaryPrimitives.ReadUInt64BigEndian(text), out uint first)
            & TryRead(Join(text[9..], text[14..]), out uint second)
            & TryRead(Join(text[19..], text[24..]), out uint third)
            & TryRead(BinaryPrimitives.ReadUInt64BigEndian(text[28..]), out uint fourth);
        high = ((ulong)first << 32) | second;
        low = ((ulong)third << 32) | fourth;
        return valid;
    }

    /// <summary>The halves of a UUID, the more significant first.</summary>
    public static (ulong High, ulong Low) Split(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>Writes a UUID.</summary>
    public static string Format(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static ulong Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        ((ulong)BinaryPrimitives.ReadUInt32BigEndian(left) << 32) | BinaryPrimitives.ReadUInt32BigEndian(right);

    // Eight digits at a time, a byte each. What is read is written again, and is not digits if that differs.
    private static bool TryRead(ulong digits, out uint value)
    {
        const ulong Ones = 0x0101_0101_0101_0101;
        unchecked
        {
            ulong nibbles = (digits & (0xF * Ones)) + (((digits >> 6) & Ones) * 9);
            ulong letters = ((nibbles + (6 * Ones)) >> 4) & Ones;
            ulong written = nibbles + (0x30 * Ones) + (letters * ('a' - '0' - 10));
            ulong packed = (nibbles | (nibbles >> 4)) & 0x00FF_00FF_00FF_00FF;
            packed = (packed | (packed >> 8)) & 0x0000_FFFF_0000_FFFF;
            value = (uint)(packed | (packed >> 16));
            return written == digits;
        }
    }
}
