using System.Diagnostics;
using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions become durable files on two threads, beside the smaller of what the disk takes (dd) and what the null
/// sink takes, in turn.</summary>
internal sealed class LocalFilesRate : Measurement
{
    private const int Blocks = 1024;

    public override string Name => "local-files";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        double ratio = await workplace.MedianAsync(async () =>
        {
            JsonElement files = await Lakelab.JsonAsync("emulate", "transaction", "--rows", "10M", "--threads", "2", "--lake", workplace.NewFolder());
            double rate = files.GetProperty("domains")[0].GetProperty("made_bytes").GetDouble() / files.GetProperty("seconds").GetDouble();
            RowRate nowhere = await JsonRate.MeasureAsync(threads: 2);
            return rate / Math.Min(nowhere.PerSecond * nowhere.BytesARow, await DiskRateAsync(workplace));
        });
        return [new Figure("transactions to local files, two threads ÷ the smaller of `dd conv=fsync` and the null sink", ratio, "×", 0.9, 1, Better.More)];
    }

    private static async Task<double> DiskRateAsync(Workplace workplace)
    {
        string file = Path.Combine(workplace.NewFolder(), "dd");
        long began = Stopwatch.GetTimestamp();
        await Lakelab.RunProgramAsync("sh", ["-c", $"dd if=/dev/zero of='{file}' bs=1M count={Blocks} conv=fsync 2> /dev/null"]);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        File.Delete(file);
        return Blocks * 1048576.0 / seconds;
    }
}
