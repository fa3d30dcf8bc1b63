using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast raw JSON becomes Bronze.</summary>
internal sealed class BronzeRate : Measurement
{
    public override string Name => "bronze";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "raw JSON → Bronze, one thread",
            await workplace.MedianAsync(async () =>
            {
                string lake = workplace.NewFolder();
                await Lakelab.RunAsync("emulate", "transaction", "--rows", "2M", "--lake", lake, "--quiet");
                JsonElement report = await Lakelab.JsonAsync("pipeline", "run", "--select", "silver.transactions", "--threads", "1", "--lake", lake);
                JsonElement bronze = report.GetProperty("bronze")[0];
                Directory.Delete(lake, recursive: true);
                return bronze.GetProperty("records").GetDouble() / bronze.GetProperty("seconds").GetDouble() / 1e6;
            }),
            "M rows/s", 0.8, 1.2, Better.More),
    ];
}
