using System.Security.Cryptography;
using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast messages of a topic become Bronze, beside the broker on the same machine.</summary>
internal sealed class TopicRate : Measurement
{
    public override string Name => "topic";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "Kafka → Bronze, transactions with header, four partitions",
            Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS") is null ? null : await MeasureAsync(workplace),
            "rows/s", 150_000, 400_000, Better.More),
    ];

    // The topic is written once; each run takes it into a lake of its own.
    private static async Task<double> MeasureAsync(Workplace workplace)
    {
        string topic = $"bench-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        string delivered = workplace.NewFolder();
        await Lakelab.RunAsync("emulate", "transaction", "--rows", "3M", "--sync", "kafka", "--topic", topic, "--lake", delivered, "--quiet");
        return await workplace.MedianAsync(async () =>
        {
            string lake = workplace.NewFolder();
            await CopyManifestsAsync(delivered, lake);
            JsonElement report = await Lakelab.JsonAsync("pipeline", "run", "--select", "silver.transactions", "--lake", lake);
            JsonElement bronze = report.GetProperty("bronze")[0];
            Directory.Delete(lake, recursive: true);
            return bronze.GetProperty("records").GetDouble() / bronze.GetProperty("seconds").GetDouble();
        });
    }

    private static async Task CopyManifestsAsync(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from, "*.json", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllBytesAsync(copy, await File.ReadAllBytesAsync(path));
        }
    }
}
