using System.Diagnostics;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How far a paced emulation strays from its pace over any ten seconds, and from the first row to the last.</summary>
internal sealed class PaceSmoothness : Measurement
{
    private const int RowsPerSecond = 5_000;
    private const int Seconds = 30;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    public override string Name => "pace";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        List<(TimeSpan At, long Rows)> arrivals = [];
        using Process process = Process.Start(new ProcessStartInfo(
            Lakelab.Program,
            ["emulate", "transaction", "--rate", $"{RowsPerSecond}/s", "--duration", $"{Seconds}s", "--flush-interval", "1ms", "--out", "-", "--quiet"])
        { RedirectStandardOutput = true })!;
        byte[] buffer = new byte[1 << 20];
        long began = 0;
        long rows = 0;
        double busy = 0;
        for (int read; (read = await process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            began = began == 0 ? Stopwatch.GetTimestamp() : began;
            rows += buffer.AsSpan(0, read).Count((byte)'\n');
            arrivals.Add((Stopwatch.GetElapsedTime(began), rows));
            busy = Math.Max(busy, ProcessorSeconds(process));
        }

        await process.WaitForExitAsync(cancellationToken);
        double worst = 0;
        for (TimeSpan from = TimeSpan.Zero; from + s_window <= arrivals[^1].At; from += TimeSpan.FromMilliseconds(100))
        {
            worst = Math.Max(worst, Math.Abs(((RowsAt(arrivals, from + s_window) - RowsAt(arrivals, from)) / (RowsPerSecond * s_window.TotalSeconds)) - 1));
        }

        double drift = Math.Abs((arrivals[^1].Rows / (RowsPerSecond * arrivals[^1].At.TotalSeconds)) - 1);
        return
        [
            new Figure($"{RowsPerSecond} rows/s: farthest from the pace over any ten seconds", worst * 100, "%", 1, 0.5, Better.Less),
            new Figure("the same over the whole run", drift * 100, "%", 1, 0.2, Better.Less),
            new Figure("the same: processor time, start included", busy / Seconds * 100, "% of a core", 10, 5, Better.Less),
        ];
    }

    private static double RowsAt(List<(TimeSpan At, long Rows)> arrivals, TimeSpan at) => arrivals.LastOrDefault(arrival => arrival.At <= at).Rows;

    private static double ProcessorSeconds(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds;
        }
        catch (InvalidOperationException)
        {
            // It has ended: what was read before is all but the last tick.
            return 0;
        }
    }
}
