namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions are made as Parquet, nowhere to put, and how small they become.</summary>
internal sealed class ParquetRate : Measurement
{
    public override string Name => "parquet";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        double bytes = 0;
        double rows = await workplace.MedianAsync(async () =>
        {
            (double rowRate, double byteRate) = await JsonRate.MeasureAsync(threads: 1, format: "parquet");
            bytes = byteRate / rowRate;
            return rowRate;
        });
        return
        [
            new Figure("transactions as Parquet to the null sink, one thread", rows / 1e6, "M rows/s", 0.9, 1.4, Better.More),
            new Figure("bytes a row of it", bytes, "B", 45, 36, Better.Less),
        ];
    }
}
