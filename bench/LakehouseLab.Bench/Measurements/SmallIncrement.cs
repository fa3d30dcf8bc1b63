namespace LakehouseLab.Bench.Measurements;

/// <summary>How long ten thousand new rows take on a lake of five million, from raw to Gold.</summary>
internal sealed class SmallIncrement : Measurement
{
    private const int NewRows = 10_000;

    public override string Name => "increment";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string lake = await workplace.LargeLakeAsync();
        await Lakelab.RunAsync("pipeline", "run", "--lake", lake, "--quiet");
        return
        [
            new Figure(
                "10,000 new rows onto 5,000,000, raw → Gold",
                await workplace.MedianAsync(async () =>
                {
                    await Lakelab.RunAsync("emulate", "transaction", "--rows", $"{NewRows}", "--first-row", "next", "--lake", lake, "--quiet");
                    return (await Lakelab.RunAsync("pipeline", "run", "--threads", "2", "--lake", lake, "--quiet")).Seconds;
                }),
                "s", 5, 2, Better.Less),
        ];
    }
}
