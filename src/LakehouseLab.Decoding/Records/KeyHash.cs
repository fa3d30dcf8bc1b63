using System.IO.Hashing;
using LakehouseLab.World.Keys;

namespace LakehouseLab.Decoding.Records;

/// <summary>64-bit hashes of typed keys (XXH3): the same key has the same hash however it was spelt.</summary>
public static class KeyHash
{
    /// <summary>The hash of a key.</summary>
    /// <param name="key">What identifies records of the domain.</param>
    /// <param name="columns">The values of the key's columns.</param>
    public static long Of(KeyCodec key, KeyWords columns)
    {
        Span<byte> bytes = stackalloc byte[KeyCodec.HashedBytes];
        key.WriteHashed(columns, bytes);
        return unchecked((long)XxHash3.HashToUInt64(bytes));
    }
}
