using System.IO.Hashing;
using System.Runtime.CompilerServices;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Values;

/// <summary>
/// Hashes of typed values: the value decides, not how it is stored. A row's hash is built column by column, in an order
/// that both sides share.
/// </summary>
internal static class ValueHash
{
    /// <summary>What stands for an absent value.</summary>
    public const ulong Null = 0x9AE16A3B2F90404FUL;

    // SplitMix64's constants (Steele, Lea, Flood 2014).
    private const ulong Golden = 0x9E3779B97F4A7C15UL;
    private const ulong Mixer = 0xBF58476D1CE4E5B9UL;

    /// <summary>Of a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(long value) => Mix(unchecked((ulong)value + Golden));

    /// <summary>Of a UUID.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong high, ulong low) => Mix(unchecked(high + (Mix(low) * Golden)));

    /// <summary>Of a text's UTF-8, or of a record's bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    /// <summary>Of a text in a column of a type: a UUID's own hash where the text is one.</summary>
    public static ulong Of(ReadOnlySpan<byte> text, FieldType type) =>
        type == FieldType.Uuid && UuidText.TryParse(text, out ulong high, out ulong low) ? Of(high, low) : Of(text);

    /// <summary>A row's hash with another column's value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Append(ulong row, ulong value) => Mix(unchecked((row * Golden) + value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 31)) * Mixer;
            return bits ^ (bits >> 29);
        }
    }
}
