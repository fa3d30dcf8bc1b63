using System.Globalization;
using System.Security.Cryptography;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast Spark takes a topic into Bronze for the pipeline, beside a Structured Streaming query written by hand; and what memory the client needs meanwhile.</summary>
internal sealed class SparkStreamRate : Measurement
{
    private const int Rows = 1_000_000;
    private const int BatchRows = 250_000;

    // One in ten seconds, for an hour.
    private const int Batches = 360;
    private const int SmallBatchRows = 500;

    public override string Name => "spark-stream";

    public override bool HasServers => true;

    private static string? Remote => Environment.GetEnvironmentVariable("SPARK_REMOTE");

    private static string? Kafka => Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS");

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        bool isThere = Remote is not null && Kafka is not null;
        return
        [
            new Figure("Kafka → Bronze by Spark ÷ a Structured Streaming query written by hand", isThere ? await CompareAsync(workplace, cancellationToken) : null, "×", 0.9, 1, Better.More),
            new Figure($"peak memory of `pipeline stream --engine spark` over {Batches} micro-batches", isThere ? await MeasureMemoryAsync(workplace) : null, "MB", 200, 150, Better.Less),
        ];
    }

    private static async Task<double> CompareAsync(Workplace workplace, CancellationToken cancellationToken) => await workplace.MedianAsync(async () =>
    {
        string lake = workplace.NewFolder();
        string topic = await FillAsync(lake, Rows);

        // Models wait until all of it is in Bronze.
        await RunStreamAsync(lake, BatchRows, "--batch-time", "10m");
        DateTime[] commits = CommitsOf(Path.Combine(lake, "bronze/transactions"), ofQuery: true);
        DateTime began = CommitsOf(Path.Combine(lake, "bronze/transactions"), ofQuery: false).Last(time => time < commits[0]);
        double seconds = (commits[^1] - began).TotalSeconds;
        return await ByHandAsync(topic, workplace.NewFolder(), cancellationToken) / seconds;
    });

    private static async Task<double> ByHandAsync(string topic, string folder, CancellationToken cancellationToken)
    {
        await using SparkSession session = await SparkSession.OpenAsync(SparkConnectionString.Parse(Remote!), null, cancellationToken);
        Dictionary<string, string> options = new()
        {
            ["kafka.bootstrap.servers"] = Kafka!,
            ["kafka.isolation.level"] = "read_committed",
            ["subscribe"] = topic,
            ["startingOffsets"] = "earliest",
            ["includeHeaders"] = "true",
            ["maxOffsetsPerTrigger"] = BatchRows.ToString(CultureInfo.InvariantCulture),
        };
        await session.CreateViewAsync("messages", SparkRelation.Source("kafka", options, streaming: true), cancellationToken);
        DateTime began = TimeProvider.System.GetUtcNow().UtcDateTime;
        SparkStreamingQuery query = await session.StartStreamAsync(
            "SELECT CAST(value AS STRING) AS payload, CAST(key AS STRING) AS key, headers, topic, partition, offset, timestamp, current_timestamp() AS ingested_at FROM messages",
            new SparkStreamWrite
            {
                Path = $"file://{folder}/table",
                Trigger = SparkTrigger.AvailableNow,
                Options = new Dictionary<string, string> { ["checkpointLocation"] = $"file://{folder}/checkpoint" },
            },
            cancellationToken);
        while (!await query.AwaitTerminationAsync(TimeSpan.FromSeconds(1), cancellationToken))
        {
        }

        return (CommitsOf(Path.Combine(folder, "table"), ofQuery: true)[^1] - began).TotalSeconds;
    }

    private static async Task<double> MeasureMemoryAsync(Workplace workplace)
    {
        string lake = workplace.NewFolder();
        await FillAsync(lake, Batches * SmallBatchRows);
        return (await RunStreamAsync(lake, SmallBatchRows)).PeakBytes / 1e6;
    }

    private static async Task<string> FillAsync(string lake, int rows)
    {
        string topic = $"bench-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        await Lakelab.RunAsync("emulate", "transaction", "--rows", rows.ToString(CultureInfo.InvariantCulture), "--sync", "kafka", "--topic", topic, "--lake", lake, "--quiet");
        return topic;
    }

    private static Task<Ended> RunStreamAsync(string lake, int batchRows, params string[] more) => Lakelab.RunAsync(
        ["pipeline", "stream", "--engine", "spark", "--remote", Remote!, "--select", "silver.transactions", "--batch-rows", batchRows.ToString(CultureInfo.InvariantCulture), "--once", "--lake", lake, "--quiet", .. more]);

    // The last one before the query's first gives the table to the stream.
    private static DateTime[] CommitsOf(string table, bool ofQuery) =>
        [.. Directory.GetFiles(Path.Combine(table, "_delta_log"), "0*.json").Where(path => File.ReadAllText(path).Contains("STREAMING UPDATE", StringComparison.Ordinal) == ofQuery).Select(File.GetLastWriteTimeUtc).Order()];
}
