using System.Buffers.Binary;

namespace LakehouseLab.Audit.Topic;

/// <summary>The hash by which Kafka's producers choose the partition of a key (<c>org.apache.kafka.common.utils.Utils.murmur2</c>), made by the audit itself.</summary>
internal static class Murmur2
{
    private const uint Seed = 0x9747B28C;
    private const uint Mixer = 0x5BD1E995;
    private const int Shift = 24;

    /// <summary>The partition of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="partitions">How many partitions there are.</param>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => HashOf(key) % partitions;

    /// <summary>The hash of a key, not negative.</summary>
    public static int HashOf(ReadOnlySpan<byte> key)
    {
        unchecked
        {
            uint hash = Seed ^ (uint)key.Length;
            for (; key.Length >= sizeof(uint); key = key[sizeof(uint)..])
            {
                uint word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Mixer;
                hash = (hash * Mixer) ^ ((word ^ (word >> Shift)) * Mixer);
            }

            if (key.Length > 0)
            {
                for (int i = key.Length - 1; i >= 0; i--)
                {
                    hash ^= (uint)key[i] << (8 * i);
                }

                hash *= Mixer;
            }

            hash = (hash ^ (hash >> 13)) * Mixer;
            return (int)((hash ^ (hash >> 15)) & int.MaxValue);
        }
    }
}
