namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions are made as CSV, nowhere to put.</summary>
internal sealed class CsvRate : Measurement
{
    public override string Name => "csv";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        RowRate rate = await workplace.MedianAsync(static () => JsonRate.PinnedAsync("csv"), static rate => rate.PerProcessorSecond);
        return
        [
            new Figure("transactions as CSV to the null sink, one pinned core", rate.PerSecond / 1e6, "M rows/s", 2.0, 3.5, Better.More),
            new Figure("the same per processor second, start included", rate.PerProcessorSecond / 1e6, "M rows", 2.0, 3.5, Better.More),
        ];
    }
}
