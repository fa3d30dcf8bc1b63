using System.Globalization;
using System.Runtime.InteropServices;

namespace LakehouseLab.Bench;

/// <summary>Writes one table, a line for each figure as soon as it is known.</summary>
internal sealed class Report(TextWriter writer)
{
    private const string None = "–";

    private double? _mostOthers;

    public void Begin()
    {
        writer.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        writer.WriteLine();
        writer.WriteLine("| what | measured | must | goal | |");
        writer.WriteLine("|---|---|---|---|---|");
    }

    /// <summary>Adds a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="others">How many cores other processes kept busy meanwhile; null where servers that take part cannot be told from them.</param>
    public void Add(Figure figure, double? others)
    {
        bool isBusy = others >= MachineLoad.Busy;
        _mostOthers = _mostOthers is { } most && !(others > most) ? most : others;
        string measured = figure.Value is null ? None : $"{Number(figure.Value)} {figure.Unit}";
        writer.WriteLine($"| {figure.What} | {measured} | {Number(figure.Must)} | {Number(figure.Goal)} | {figure.Verdict}{(isBusy ? ", busy" : "")} |");
    }

    /// <summary>Says whether the figures are those of a quiet machine.</summary>
    public void End()
    {
        writer.WriteLine();
        writer.WriteLine(_mostOthers is null
            ? "Whether the machine was quiet cannot be told: servers took part in all of it."
            : _mostOthers < MachineLoad.Busy
            ? "The machine was quiet: other processes took less than a tenth of a core."
            : string.Create(CultureInfo.InvariantCulture, $"The machine was busy: other processes took up to {_mostOthers:0.0} of {Environment.ProcessorCount} cores. Measure the rows marked so again when it is quiet."));
    }

    private static string Number(double? value) => value?.ToString(value >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture) ?? None;

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
