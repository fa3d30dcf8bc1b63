using System.Runtime.InteropServices;

namespace LakehouseLab.Bench;

/// <summary>Processor time as the kernel counts it.</summary>
internal static partial class ProcessorTime
{
    private const int Self = 0;
    private const int Children = -1;

    // Four longs of two times, and fourteen more that are not read here.
    private const int Longs = 18;

    /// <summary>Seconds, user and system, of the processes that this one has started and that have ended, with all that those started.</summary>
    public static double OfChildren() => Read(Children);

    /// <summary>Seconds of this process and of those that it started.</summary>
    public static double OfBench() => Read(Self) + Read(Children);

    // getrusage(2): a timeval each for user and system; the microseconds' upper half is padding where they are an int.
    private static double Read(int who)
    {
        Span<long> usage = stackalloc long[Longs];
        return GetUsage(who, usage) == 0
            ? usage[0] + usage[2] + (((int)usage[1] + (int)usage[3]) / 1e6)
            : throw new InvalidOperationException("getrusage failed");
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetUsage(int who, Span<long> usage);
}
