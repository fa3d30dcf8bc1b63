using System.Globalization;
using System.Runtime.InteropServices;

namespace LakehouseLab.Bench;

/// <summary>Writes one table, a line for each figure as soon as it is known.</summary>
internal sealed class Report(TextWriter writer)
{
    public void Begin()
    {
        writer.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        writer.WriteLine();
        writer.WriteLine("| what | measured | must | goal | |");
        writer.WriteLine("|---|---|---|---|---|");
    }

    public void Add(Figure figure)
    {
        string measured = figure.Value is { } value ? $"{Number(value)} {figure.Unit}" : "–";
        writer.WriteLine($"| {figure.What} | {measured} | {Number(figure.Must)} | {Number(figure.Goal)} | {figure.Verdict} |");
    }

    private static string Number(double value) => value.ToString(value >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture);

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
