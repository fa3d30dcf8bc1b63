using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using LakehouseLab.World.Geography;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How long the pipeline takes from Bronze to Gold, beside a script written by hand for DuckDB that does the same work.</summary>
internal sealed class PipelinePeer : Measurement
{
    private const string MemoryLimit = "4GiB";

    public override string Name => "pipeline";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string lake = await workplace.LargeLakeAsync();
        List<double> ratios = [];
        double ours = 0;
        for (int run = 0; run < workplace.Runs; run++)
        {
            JsonElement report = await Lakelab.JsonAsync("pipeline", "run", "--full-refresh", "--threads", "2", "--memory-limit", MemoryLimit, "--lake", lake);
            ours = report.GetProperty("models").EnumerateArray().Sum(model => model.GetProperty("seconds").GetDouble());
            ratios.Add(ours / Peer(Path.Combine(lake, "bronze", "transactions"), workplace.NewFolder()));
        }

        ratios.Sort();
        return
        [
            new Figure("pipeline Bronze → Gold, 5,000,000 transactions ÷ a script written by hand", ratios[ratios.Count / 2], "×", 2.0, 1.3, Better.Less),
        ];
    }

    // Bronze is append-only and not yet compacted here, so its files are all there are in its folder.
    private static double Peer(string bronze, string folder)
    {
        string files = string.Join(", ", Directory.EnumerateFiles(bronze, "*.parquet").Select(file => $"'{file}'"));
        string rates = string.Join(", ", ExchangeRates.All.Select(rate => string.Create(CultureInfo.InvariantCulture, $"('{rate.Currency}', {rate.UsdRate}::DECIMAL(12, 6))")));
        string script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Peers", "pipeline.sql"))
            .Replace("{bronze}", $"[{files}]", StringComparison.Ordinal)
            .Replace("{rates}", rates, StringComparison.Ordinal)
            .Replace("{out}", folder, StringComparison.Ordinal);
        long began = Stopwatch.GetTimestamp();
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SET threads = 2; SET memory_limit = '{MemoryLimit}'; SET temp_directory = '{folder}'; SET TimeZone = 'UTC'; {script}";
        command.ExecuteNonQuery();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
