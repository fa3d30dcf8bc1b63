using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LakehouseLab.Audit.Gold;

/// <summary>Memory that the processor fetches before it is needed, so that it need not wait for it then.</summary>
internal static class CacheLine
{
    /// <summary>Asks for a place in memory, and goes on at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref T place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }
}
