using System.Diagnostics;
using System.Globalization;

namespace LakehouseLab.Bench;

/// <summary>What other processes, and other guests of the host, take of the machine while something is measured.</summary>
internal sealed class MachineLoad
{
    // The kernel's unit in /proc/stat, the same on all of today's Linux systems.
    private const double TicksPerSecond = 100;

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly double _busy = BusySeconds();
    private readonly double _own = ProcessorTime.OfBench();

    /// <summary>Cores from which a figure does not count as measured on a quiet machine.</summary>
    public const double Busy = 0.1;

    /// <summary>How many cores the others kept busy in the mean since this was made; 0 where the system does not tell.</summary>
    public double Others() => Math.Max(0, (BusySeconds() - _busy - (ProcessorTime.OfBench() - _own)) / Stopwatch.GetElapsedTime(_began).TotalSeconds);

    // "cpu user nice system idle iowait irq softirq steal …": all but idle and iowait.
    private static double BusySeconds()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        double[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(static text => double.Parse(text, CultureInfo.InvariantCulture))];
        return (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }
}
