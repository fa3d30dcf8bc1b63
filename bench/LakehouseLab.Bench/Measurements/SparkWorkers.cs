using System.Globalization;
using System.Text.RegularExpressions;

namespace LakehouseLab.Bench.Measurements;

/// <summary>What a second worker brings: a first run on a cluster of one worker and of two, a core each, which the stack's script starts.</summary>
/// <param name="rows">Transactions of the lake.</param>
internal sealed partial class SparkWorkers(long rows) : Measurement
{
    public override string Name => "spark-workers";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        List<Figure> figures = [];
        for (int workers = 1; workers <= 2; workers++)
        {
            double? seconds = Workplace.Stack is { } stack ? await MeasureAsync(stack, workers, workplace) : null;
            figures.Add(new Figure(string.Create(CultureInfo.InvariantCulture, $"first run of {rows:#,0} transactions on Spark, {workers} worker{(workers == 1 ? "" : "s")} of one core"), seconds, "s", null, null, Better.Less));
        }

        return figures;
    }

    // A server that is up at the script's ports is replaced.
    private async Task<double> MeasureAsync(string stack, int workers, Workplace workplace)
    {
        await Lakelab.RunProgramAsync(stack, ["down"]);
        await Lakelab.RunProgramAsync(stack, ["up", "spark", "--workers", workers.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            string remote = Remote().Match((await Lakelab.RunProgramAsync(stack, ["env"])).Output).Groups[1].Value;
            return await workplace.MedianAsync(async () =>
            {
                string lake = workplace.NewFolder();
                await Lakelab.RunAsync("emulate", "transaction", "--rows", rows.ToString(CultureInfo.InvariantCulture), "--lake", lake, "--quiet");
                double seconds = (await Lakelab.RunAsync("pipeline", "run", "--engine", "spark", "--remote", remote, "--lake", lake, "--quiet")).Seconds;
                Directory.Delete(lake, recursive: true);
                return seconds;
            });
        }
        finally
        {
            await Lakelab.RunProgramAsync(stack, ["down"]);
        }
    }

    [GeneratedRegex("SPARK_REMOTE=(\\S+)")]
    private static partial Regex Remote();
}
