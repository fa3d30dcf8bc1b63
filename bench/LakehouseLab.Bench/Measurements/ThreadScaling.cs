namespace LakehouseLab.Bench.Measurements;

/// <summary>What a second thread brings, over so many rows that the start of the program does not count.</summary>
internal sealed class ThreadScaling : Measurement
{
    public override string Name => "threads";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "two threads ÷ one thread",
            await workplace.MedianAsync(async () =>
            {
                RowRate one = await JsonRate.MeasureAsync(threads: 1, "50M");
                RowRate two = await JsonRate.MeasureAsync(threads: 2, "50M");
                return two.PerSecond / one.PerSecond;
            }),
            "×", 1.8, 1.95, Better.More),
    ];
}
