using System.Security.Cryptography;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How much memory the service has at most while ten emulations run at full speed: four to MinIO, three to Kafka, three to files.</summary>
internal sealed class ServiceMemory : Measurement
{
    private const int Seconds = 30;

    public override string Name => "service-memory";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "service: memory, ten emulations at full speed (four to MinIO, three to Kafka, three to files)",
            S3Options.FromEnvironment().Endpoint is null || Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS") is null
                ? null
                : await workplace.MedianAsync(() => MeasureAsync(workplace, cancellationToken)),
            "MB", 400, 300, Better.Less),
    ];

    private static async Task<double> MeasureAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string bucket = $"bench-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        string lake = workplace.NewFolder();
        double peak;
        await using (RunningService service = await RunningService.StartAsync(1, cancellationToken, "--buckets", bucket, "--lake", lake))
        {
            string[] sinks = [.. Enumerable.Repeat($"\"minio\", \"bucket\": \"{bucket}\"", 4), .. Enumerable.Repeat("\"kafka\"", 3), .. Enumerable.Repeat("\"local\"", 3)];
            foreach (string sink in sinks)
            {
                await service.EmulateAsync($$"""{"emulator_sync": {{sink}}, "emulation_domain": "transaction", "timeout": 600, "rate": "max"}""", cancellationToken);
            }

            await Task.Delay(TimeSpan.FromSeconds(Seconds), cancellationToken);
            peak = service.PeakBytes / 1e6;
        }

        Directory.Delete(lake, recursive: true);
        return peak;
    }
}
