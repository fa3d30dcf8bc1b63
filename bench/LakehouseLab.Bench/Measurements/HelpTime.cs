namespace LakehouseLab.Bench.Measurements;

/// <summary>How long the program takes to say what it can.</summary>
internal sealed class HelpTime : Measurement
{
    public override string Name => "help";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        double seconds = await workplace.MedianAsync(static async () => (await Lakelab.RunProgramAsync(Lakelab.Program, ["--help"])).Seconds);
        return [new Figure("`lakelab --help`", seconds * 1000, "ms", 100, 60, Better.Less)];
    }
}
