using System.Collections.Concurrent;

namespace LakehouseLab.Storage.S3;

/// <summary>
/// Pieces of memory that all writers of the process share. Pools of whole buffers keep some of each size for each thread, which
/// came to more than was in use; pieces of one size are used again by whoever needs one next. Thread-safe.
/// </summary>
internal static class Segments
{
    /// <summary>Bytes of a segment.</summary>
    public const int Size = 1 << 18;

    // What is given back beyond this is left to the collector.
    private const int MostFree = (32 << 20) / Size;

    private static readonly ConcurrentStack<byte[]> s_free = new();

    /// <summary>Takes one; what is in it is not defined.</summary>
    public static byte[] Take() => s_free.TryPop(out byte[]? segment) ? segment : GC.AllocateUninitializedArray<byte>(Size);

    /// <summary>Gives one back.</summary>
    public static void Return(byte[] segment)
    {
        if (s_free.Count < MostFree)
        {
            s_free.Push(segment);
        }
    }
}
