using System.Buffers.Binary;
using System.IO.Hashing;

namespace LakehouseLab.Pipeline.Decoding;

/// <summary>64-bit hashes of typed keys (XXH3): the same key has the same hash however it was spelt.</summary>
internal static class KeyHash
{
    /// <summary>The hash of a UUID.</summary>
    public static long OfUuid(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return unchecked((long)XxHash3.HashToUInt64(bytes));
    }

    /// <summary>The hash of a version of a person's profile.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="validFrom">Since when the version is valid, in Unix microseconds.</param>
    public static long OfProfile(long userId, long validFrom)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, userId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], validFrom);
        return unchecked((long)XxHash3.HashToUInt64(bytes));
    }
}
