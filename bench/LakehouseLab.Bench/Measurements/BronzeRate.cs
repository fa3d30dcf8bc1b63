using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast raw JSON becomes Bronze.</summary>
internal sealed class BronzeRate : Measurement
{
    public override string Name => "bronze";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        (double PerSecond, double PerProcessorSecond) rate = await workplace.MedianAsync(() => MeasureAsync(workplace), static rate => rate.PerSecond);
        return
        [
            new Figure("raw JSON → Bronze, one pinned core", rate.PerSecond / 1e6, "M rows/s", 0.8, 1.2, Better.More),
            new Figure("raw JSON → Bronze → Silver per processor second, one pinned core, start included", rate.PerProcessorSecond / 1e6, "M rows", 0.2, 0.4, Better.More),
        ];
    }

    private static async Task<(double PerSecond, double PerProcessorSecond)> MeasureAsync(Workplace workplace)
    {
        string lake = workplace.NewFolder();
        await Lakelab.RunAsync("emulate", "transaction", "--rows", "2M", "--lake", lake, "--quiet");
        Ended ended = await Lakelab.RunPinnedAsync("pipeline", "run", "--select", "silver.transactions", "--threads", "1", "--lake", lake, "--json", "--quiet");
        using JsonDocument report = JsonDocument.Parse(ended.Output);
        JsonElement bronze = report.RootElement.GetProperty("bronze")[0];
        Directory.Delete(lake, recursive: true);
        double records = bronze.GetProperty("records").GetDouble();
        return (records / bronze.GetProperty("seconds").GetDouble(), records / ended.ProcessorSeconds);
    }
}
