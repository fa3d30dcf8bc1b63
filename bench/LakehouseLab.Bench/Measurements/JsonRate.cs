using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>A rate of rows.</summary>
/// <param name="PerSecond">Rows a second of the clock, without the start of the program.</param>
/// <param name="PerProcessorSecond">Rows a second of processor time, the start included.</param>
/// <param name="BytesARow">Bytes of a row.</param>
internal readonly record struct RowRate(double PerSecond, double PerProcessorSecond, double BytesARow);

/// <summary>How fast transactions are made as JSON, nowhere to put.</summary>
internal sealed class JsonRate : Measurement
{
    public override string Name => "json";

    /// <summary>Rows made on one pinned core.</summary>
    public static async Task<RowRate> PinnedAsync(string format = "json") =>
        Read(await Lakelab.RunPinnedAsync(Arguments(threads: 1, "10M", format)));

    /// <summary>Rows made on some threads.</summary>
    public static async Task<RowRate> MeasureAsync(int threads, string transactions = "10M") =>
        Read(await Lakelab.RunAsync(Arguments(threads, transactions, "json")));

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        RowRate rate = await workplace.MedianAsync(static () => PinnedAsync(), static rate => rate.PerProcessorSecond);
        return
        [
            new Figure("transactions as JSON to the null sink, one pinned core", rate.PerSecond / 1e6, "M rows/s", 2.0, 3.0, Better.More),
            new Figure("the same per processor second, start included", rate.PerProcessorSecond / 1e6, "M rows", 2.0, 3.0, Better.More),
            new Figure("the same in bytes", rate.PerProcessorSecond * rate.BytesARow / 1e6, "MB", 400, 600, Better.More),
        ];
    }

    private static string[] Arguments(int threads, string transactions, string format) =>
        ["emulate", "transaction", "--rows", transactions, "--threads", $"{threads}", "--format", format, "--out", "null", "--json", "--quiet"];

    private static RowRate Read(Ended ended)
    {
        using JsonDocument document = JsonDocument.Parse(ended.Output);
        JsonElement domain = document.RootElement.GetProperty("domains")[0];
        double rows = domain.GetProperty("made_rows").GetDouble();
        return new RowRate(rows / domain.GetProperty("seconds").GetDouble(), rows / ended.ProcessorSeconds, domain.GetProperty("made_bytes").GetDouble() / rows);
    }
}
