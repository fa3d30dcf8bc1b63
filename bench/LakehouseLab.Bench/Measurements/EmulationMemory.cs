namespace LakehouseLab.Bench.Measurements;

/// <summary>How much memory an emulation takes, whatever its length.</summary>
internal sealed class EmulationMemory : Measurement
{
    public override string Name => "memory";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        List<Figure> figures = [];
        foreach (string rows in new[] { "1M", "50M" })
        {
            Ended ended = await Lakelab.RunAsync("emulate", "transaction", "--rows", rows, "--out", "null", "--quiet");
            figures.Add(new Figure($"peak memory of `emulate` at {rows} rows to the null sink", ended.PeakBytes / 1e6, "MB", 300, 150, Better.Less));
        }

        return figures;
    }
}
