using System.Text;
using System.Text.Unicode;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Values;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Audit.Topic;

/// <summary>What a message is besides its place, as hashes; the same of a row of Bronze that received it.</summary>
/// <param name="Value">Of its value; 0 for none.</param>
/// <param name="Key">Of its key.</param>
/// <param name="Timestamp">Its timestamp in Unix microseconds; <see cref="NoTimestamp"/> for none.</param>
/// <param name="Emulation">Of the emulation that its header names.</param>
internal readonly record struct MessageContent(ulong Value, ulong Key, long Timestamp, ulong Emulation)
{
    /// <summary>What stands for an absent timestamp.</summary>
    public const long NoTimestamp = long.MinValue;

    /// <summary>The hash of it in its place.</summary>
    public ulong HashAt(long offset) =>
        ValueHash.Append(ValueHash.Append(ValueHash.Append(ValueHash.Append(Value, Key), ValueHash.Of(Timestamp)), Emulation), ValueHash.Of(offset));

    /// <summary>The content of a message.</summary>
    public static MessageContent Of(in TopicMessage message) => new(
        message.Value is { } value ? ValueHash.Of(value) : 0,
        PlacedRecord.KeyCodeOf(Utf8.IsValid(message.Key) ? message.Key : Encoding.ASCII.GetBytes(KeyTextOf(message.Key)!)),
        message.Timestamp is { } milliseconds ? unchecked(milliseconds * 1000) : NoTimestamp,
        ValueHash.Append(0, message.Header is { } header ? EmulationOf(header.Emulation) : ValueHash.Null));

    /// <summary>A key as Bronze has it: other bytes than UTF-8 are told in hexadecimal.</summary>
    public static string? KeyTextOf(byte[]? key) => key is null ? null : Utf8.IsValid(key) ? Encoding.UTF8.GetString(key) : $"\\x{Convert.ToHexStringLower(key)}";

    private static ulong EmulationOf(Guid emulation)
    {
        Span<byte> text = stackalloc byte[36];
        emulation.TryFormat(text, out _);
        return ValueHash.Of(text);
    }
}
