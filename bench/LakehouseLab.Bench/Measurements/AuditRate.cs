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
        Ended audit = await workplace.MedianAsync(() => Lakelab.RunPinnedAsync("audit", "--threads", "1", "--lake", lake, "--quiet"), static ended => ended.ProcessorSeconds);
        return
        [
            new Figure(
                "audit, all four layers, one pinned core, start included",
                Millions / audit.Seconds, "M transactions/s", 0.6, 1.0, Better.More),
            new Figure("the same per processor second", Millions / audit.ProcessorSeconds, "M transactions", 0.6, 1.0, Better.More),
        ];
    }
}
