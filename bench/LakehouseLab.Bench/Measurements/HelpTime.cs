namespace LakehouseLab.Bench.Measurements;

/// <summary>How long the program takes to say what it can.</summary>
internal sealed class HelpTime : Measurement
{
    public override string Name => "help";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "lakelab.exe" : "lakelab");
        double seconds = await workplace.MedianAsync(async () => (await Lakelab.RunProgramAsync(program, ["--help"])).Seconds);
        return [new Figure("`lakelab --help`", seconds * 1000, "ms", 150, 80, Better.Less)];
    }
}
