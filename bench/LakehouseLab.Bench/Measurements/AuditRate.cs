using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast the proof is.</summary>
internal sealed class AuditRate : Measurement
{
    private const double Millions = 5;

    public override string Name => "audit";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string lake = await workplace.LargeLakeAsync();
        await Lakelab.RunAsync("pipeline", "run", "--lake", lake, "--quiet");
        return
        [
            new Figure(
                "audit, all four layers, one thread",
                await workplace.MedianAsync(async () =>
                {
                    JsonElement report = await Lakelab.JsonAsync("audit", "--threads", "1", "--lake", lake);
                    return Millions / report.GetProperty("seconds").GetDouble();
                }),
                "M transactions/s", 0.6, 1.0, Better.More),
        ];
    }
}
