namespace LakehouseLab.Bench.Measurements;

/// <summary>How long the whole story takes.</summary>
internal sealed class WholeRun : Measurement
{
    public override string Name => "run";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "`run` of 1,000,000 transactions with all domains, two threads",
            await workplace.MedianAsync(async () => (await Lakelab.RunAsync("run", "--rows", "1M", "--threads", "2", "--lake", workplace.NewFolder(), "--quiet")).Seconds),
            "s", 25, 12, Better.Less),
    ];
}
