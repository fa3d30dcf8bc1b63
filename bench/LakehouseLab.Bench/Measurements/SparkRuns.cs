using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How long the pipeline takes on the Spark server of the environment, beside the embedded engine and beside the same queries sent by hand.</summary>
/// <param name="rows">Transactions of the lake.</param>
internal sealed partial class SparkRuns(long rows) : Measurement
{
    private const int NewRows = 10_000;

    // Models of one query, each over the table before it; those of people's latest state have no query of their own.
    private static readonly string[] s_models = ["silver.transactions_daily", "gold.daily_spend", "gold.merchant_performance"];

    public override string Name => "spark-runs";

    public override bool HasServers => true;

    private static string? Remote => Environment.GetEnvironmentVariable("SPARK_REMOTE");

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string onto = string.Create(CultureInfo.InvariantCulture, $"{rows:#,0}");
        double? first = null;
        double? increment = null;
        double? byHand = null;
        if (Remote is not null)
        {
            string lake = workplace.NewFolder();
            first = await workplace.MedianAsync(async () =>
            {
                Directory.Delete(lake, recursive: true);
                string twin = workplace.NewFolder();
                await EmulateAsync(lake, rows);
                await EmulateAsync(twin, rows);
                double embedded = (await Lakelab.RunAsync("pipeline", "run", "--threads", "2", "--lake", twin, "--quiet")).Seconds;
                Directory.Delete(twin, recursive: true);
                return await SparkSecondsAsync(lake) / embedded;
            });
            increment = await workplace.MedianAsync(async () =>
            {
                await Lakelab.RunAsync("emulate", "transaction", "--rows", $"{NewRows}", "--first-row", "next", "--lake", lake, "--quiet");
                return await SparkSecondsAsync(lake);
            });
            byHand = await workplace.MedianAsync(() => CompareByHandAsync(lake, workplace.NewFolder(), cancellationToken));
        }

        return
        [
            new Figure("Spark engine, full refresh of three models of one query ÷ the same queries written by hand in one session", byHand, "×", 1.2, 1.05, Better.Less),
            new Figure($"first run of {onto} transactions: Spark ÷ embedded", first, "×", null, null, Better.Less),
            new Figure($"10,000 new rows onto {onto} on Spark, raw → Gold", increment, "s", 60, 25, Better.Less),
        ];
    }

    private static Task<Ended> EmulateAsync(string lake, long rows) =>
        Lakelab.RunAsync("emulate", "transaction", "--rows", rows.ToString(CultureInfo.InvariantCulture), "--lake", lake, "--quiet");

    private static async Task<double> SparkSecondsAsync(string lake) => (await Lakelab.RunAsync("pipeline", "run", "--engine", "spark", "--remote", Remote!, "--lake", lake, "--quiet")).Seconds;

    // The engine's time is what it reports of its models, so neither side counts the start of a session.
    private static async Task<double> CompareByHandAsync(string lake, string folder, CancellationToken cancellationToken)
    {
        double ours = 0;
        foreach (string model in s_models)
        {
            JsonElement report = await Lakelab.JsonAsync("pipeline", "run", "--engine", "spark", "--remote", Remote!, "--full-refresh", "--select", model, "--lake", lake);
            ours += report.GetProperty("models").EnumerateArray().Sum(static outcome => outcome.GetProperty("seconds").GetDouble());
        }

        await using SparkSession session = await SparkSession.OpenAsync(SparkConnectionString.Parse(Remote!), null, cancellationToken);
        await session.SetConfigAsync(new Dictionary<string, string> { ["spark.sql.ansi.doubleQuotedIdentifiers"] = "true", ["spark.sql.parser.escapedStringLiterals"] = "true", ["spark.sql.session.timeZone"] = "UTC" }, cancellationToken);
        await session.QueryAsync($"SELECT count(*) FROM {RelationOf(lake, "silver/transactions")}", null, cancellationToken);
        double peer = 0;
        foreach (string model in s_models)
        {
            string query = TableName().Replace((await Lakelab.RunAsync("pipeline", "compile", model)).Output, match => RelationOf(lake, $"{match.Groups[1].Value}/{match.Groups[2].Value}"));
            long began = Stopwatch.GetTimestamp();
            await session.WriteAsync(query, new SparkWrite { Path = $"file://{Path.Combine(folder, model)}" }, null, cancellationToken);
            peer += Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        return ours / peer;
    }

    private static string RelationOf(string lake, string key) => $"delta.{SparkText.Identifier($"file://{lake}/{key}")}";

    // A comment above the query names the model itself.
    [GeneratedRegex(@"(?<!-- )\b(silver|gold|reference)\.([a-z_0-9]+)")]
    private static partial Regex TableName();
}
