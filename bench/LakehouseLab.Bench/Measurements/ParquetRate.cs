namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions are made as Parquet, nowhere to put, and how small they become.</summary>
internal sealed class ParquetRate : Measurement
{
    public override string Name => "parquet";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        RowRate rate = await workplace.MedianAsync(static () => JsonRate.PinnedAsync("parquet"), static rate => rate.PerProcessorSecond);
        return
        [
            new Figure("transactions as Parquet to the null sink, one pinned core", rate.PerSecond / 1e6, "M rows/s", 0.9, 1.4, Better.More),
            new Figure("the same per processor second, start included", rate.PerProcessorSecond / 1e6, "M rows", 0.9, 1.4, Better.More),
            new Figure("bytes a row of it", rate.BytesARow, "B", 45, 36, Better.Less),
        ];
    }
}
