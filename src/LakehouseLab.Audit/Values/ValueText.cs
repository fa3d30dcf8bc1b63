using System.Globalization;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Values;

/// <summary>Values as people read them: the same text for the same value.</summary>
internal static class ValueText
{
    /// <summary>A number of a column.</summary>
    public static string Of(TableColumn column, long value) => column.Type switch
    {
        FieldType.Decimal => Decimal(value, column.Scale),
        FieldType.Timestamp => Instant(value),
        FieldType.Date => Day(value),
        FieldType.Boolean => value != 0 ? "true" : "false",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A UUID.</summary>
    public static string OfUuid(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static string Decimal(long units, int scale)
    {
        string digits = Int128.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (units < 0 ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : "");
    }

    // A damaged value may be outside the years that can be written.
    private static string Instant(long microseconds) =>
        microseconds is >= -62_135_596_800_000_000 and < 253_402_300_800_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture)
            : FormattableString.Invariant($"{microseconds} µs");

    private static string Day(long days) =>
        days is >= -719_162 and < 2_932_897
            ? DateOnly.FromDayNumber((int)days + 719_162).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : FormattableString.Invariant($"day {days}");
}
