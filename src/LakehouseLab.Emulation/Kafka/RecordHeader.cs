using System.Buffers.Binary;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>The one header of a message: which emulation made its record, and which row of the domain it is.</summary>
/// <param name="Emulation">The emulation.</param>
/// <param name="Row">The row.</param>
public readonly record struct RecordHeader(Guid Emulation, long Row)
{
    /// <summary>The header's name.</summary>
    public const string Name = "lakelab";

    /// <summary>Bytes of its value: the emulation's UUID in the order of RFC 9562, then the row, big-endian.</summary>
    public const int Size = 24;

    private const int IdSize = 16;

    /// <summary>Writes the header's value.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Emulation.TryWriteBytes(destination, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(destination[IdSize..], Row);
    }

    /// <summary>Reads a header's value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="header">What it says.</param>
    /// <returns>Whether it is one: it has the size, and no row is negative.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, out RecordHeader header)
    {
        header = default;
        if (value.Length == Size)
        {
            header = new RecordHeader(new Guid(value[..IdSize], bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(value[IdSize..]));
        }

        return value.Length == Size && header.Row >= 0;
    }
}
