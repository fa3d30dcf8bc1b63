using System.Security.Cryptography;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Bench.Measurements;

/// <summary>What processes of their own cost: the same rows into MinIO as four shards at once with a thread each, and by one process with a thread for each core of two.</summary>
internal sealed class ShardScaling : Measurement
{
    // Enough that the starts of four processes count little; 5 GB in the bucket at a time.
    private const string Rows = "24M";
    private const int Shards = 4;
    private const string Prefix = "lake";

    public override string Name => "shards";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        double? ratio = S3Options.FromEnvironment().Endpoint is null ? null : await workplace.MedianAsync(async () =>
        {
            double one = await SecondsAsync(["--threads", "2"], cancellationToken);
            double four = await SecondsAsync(["--threads", "1"], cancellationToken, [.. Enumerable.Range(1, Shards).Select(static shard => $"{shard}/{Shards}")]);
            return one / four;
        });
        return [new Figure($"{Shards} shards at once into MinIO ÷ one process with two threads, rows/s", ratio, "×", 0.85, 1.0, Better.More)];
    }

    // From the first start to the last end.
    private static async Task<double> SecondsAsync(string[] threads, CancellationToken cancellationToken, params string[] shards)
    {
        string bucket = $"bench-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        S3Store store = new(S3Location.Of(bucket, Prefix), S3Options.FromEnvironment());
        await store.PrepareAsync(cancellationToken);
        string[] command = ["emulate", "transaction", "--rows", Rows, "--lake", store.Location, "--quiet", .. threads];
        Ended[] ended = await Task.WhenAll(shards.Length == 0 ? [Lakelab.RunAsync(command)] : shards.Select(shard => Lakelab.RunAsync([.. command, "--shard", shard])));
        await foreach (ObjectInfo item in store.ListAsync(string.Empty, cancellationToken))
        {
            await store.DeleteAsync(item.Key, cancellationToken);
        }

        return ended.Max(static process => process.Seconds);
    }
}
