using System.Runtime.InteropServices;

namespace LakehouseLab.Cli.Shell;

/// <summary>The heap of the C library, from which Kafka's client and Parquet's reader take their memory.</summary>
internal static partial class NativeHeap
{
    // M_ARENA_MAX of glibc's malloc.h.
    private const int ArenaMax = -8;

    /// <summary>
    /// Lets threads share arenas, as many as there are processors: each keeps what was ever freed in it, and glibc makes eight for a processor, so that a program which
    /// runs for days would hold some hundred megabytes that it does not use. <c>MALLOC_ARENA_MAX</c> in the environment goes before. Other C libraries have one heap.
    /// </summary>
    public static void LimitArenas()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is null && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out _))
        {
            _ = SetOption(ArenaMax, Environment.ProcessorCount);
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
