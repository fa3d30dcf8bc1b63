namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions are made as CSV, nowhere to put.</summary>
internal sealed class CsvRate : Measurement
{
    public override string Name => "csv";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "transactions as CSV to the null sink, one thread",
            await workplace.MedianAsync(static async () => (await JsonRate.MeasureAsync(threads: 1, format: "csv")).Rows / 1e6),
            "M rows/s", 2.0, 3.5, Better.More),
    ];
}
