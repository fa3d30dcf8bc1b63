namespace LakehouseLab.Bench.Measurements;

/// <summary>What a second thread brings.</summary>
internal sealed class ThreadScaling : Measurement
{
    public override string Name => "threads";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "two threads ÷ one thread",
            await workplace.MedianAsync(async () =>
            {
                (double one, _) = await JsonRate.MeasureAsync(threads: 1);
                (double two, _) = await JsonRate.MeasureAsync(threads: 2);
                return two / one;
            }),
            "×", 1.8, 1.95, Better.More),
    ];
}
