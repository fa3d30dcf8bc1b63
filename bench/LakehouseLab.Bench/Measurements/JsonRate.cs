using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions are made as JSON, nowhere to put.</summary>
internal sealed class JsonRate : Measurement
{
    public override string Name => "json";

    /// <summary>Rows and bytes a second on some threads.</summary>
    public static async Task<(double Rows, double Bytes)> MeasureAsync(int threads, string transactions = "10M", string format = "json")
    {
        JsonElement result = await Lakelab.JsonAsync("emulate", "transaction", "--rows", transactions, "--threads", $"{threads}", "--format", format, "--out", "null");
        double seconds = result.GetProperty("seconds").GetDouble();
        JsonElement domain = result.TryGetProperty("domains", out JsonElement domains) ? domains[0] : result;
        return (domain.GetProperty("made_rows").GetDouble() / seconds, domain.GetProperty("made_bytes").GetDouble() / seconds);
    }

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        double bytes = 0;
        double rows = await workplace.MedianAsync(async () =>
        {
            (double rowRate, double byteRate) = await MeasureAsync(threads: 1);
            bytes = byteRate / rowRate;
            return rowRate;
        });
        return
        [
            new Figure("transactions as JSON to the null sink, one thread", rows / 1e6, "M rows/s", 2.0, 3.0, Better.More),
            new Figure("the same in bytes", rows * bytes / 1e6, "MB/s", 400, 600, Better.More),
        ];
    }
}
