using System.Diagnostics;
using System.Text.Json;

namespace LakehouseLab.Bench;

/// <summary>How a process ended.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="ProcessorSeconds">Processor time, user and system, of it and of what it started.</param>
/// <param name="PeakBytes">Most memory that it had, as far as was seen.</param>
/// <param name="Output">What it wrote to standard output.</param>
internal sealed record Ended(double Seconds, double ProcessorSeconds, long PeakBytes, string Output);

/// <summary>Runs programs, lakelab above all, as processes of their own.</summary>
internal static class Lakelab
{
    private static readonly TimeSpan s_samplingPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>The published program.</summary>
    public static string Program { get; set; } = "lakelab";

    /// <summary>Runs the program.</summary>
    public static Task<Ended> RunAsync(params string[] arguments) => RunProgramAsync(Program, arguments);

    /// <summary>Runs the program on one core, which is all that it then sees of the machine.</summary>
    public static Task<Ended> RunPinnedAsync(params string[] arguments) => RunProgramAsync("taskset", ["-c", "0", Program, .. arguments]);

    /// <summary>Runs the program and reads its JSON.</summary>
    public static async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        Ended ended = await RunAsync([.. arguments, "--json", "--quiet"]);
        using JsonDocument document = JsonDocument.Parse(ended.Output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<Ended> RunProgramAsync(string program, IEnumerable<string> arguments)
    {
        long began = Stopwatch.GetTimestamp();
        double before = ProcessorTime.OfChildren();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.HasExited)
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended between the question and the answer.
            }

            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(s_samplingPeriod));
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Ended ended = new(seconds, ProcessorTime.OfChildren() - before, peak, await output);
        return process.ExitCode == 0 ? ended : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {ended.Output}");
    }
}
