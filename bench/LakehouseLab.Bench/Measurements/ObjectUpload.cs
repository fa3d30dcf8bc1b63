using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;
using S3Location = LakehouseLab.Storage.S3.S3Location;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast objects of 64 MiB reach MinIO, made meanwhile or ready, beside plain PUTs of ready bytes: by the same SDK with the same signatures, and presigned ones without.</summary>
internal sealed class ObjectUpload : Measurement
{
    private const int ObjectSize = 64 << 20;
    private const int Objects = 12;
    private const int AtOnce = 4;

    private static readonly byte[] s_content = RandomNumberGenerator.GetBytes(ObjectSize);

    private static readonly HttpClient s_http = new();

    public override string Name => "minio";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        List<double> made = [];
        List<double> ready = [];
        List<double> presigned = [];
        if (S3Options.FromEnvironment() is { Endpoint: { } endpoint } options)
        {
            using AmazonS3Client client = new(new AmazonS3Config
            {
                ServiceURL = endpoint.ToString(),
                AuthenticationRegion = options.Region ?? "us-east-1",
                ForcePathStyle = true,
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            });
            for (int run = -1; run < workplace.Runs; run++)
            {
                string bucket = $"bench-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
                S3Store store = new(S3Location.Of(bucket, "lake"), options);
                await store.PrepareAsync(cancellationToken);
                double plain = await RateAsync((number, token) => PutAsync(client, bucket, number, token), cancellationToken);
                double unsigned = await RateAsync((number, token) => PutPresignedAsync(client, bucket, number, token), cancellationToken);
                double ours = await RateAsync((number, token) => WriteAsync(store, number, token), cancellationToken);
                double emulated = await EmulateAsync(workplace, bucket);

                // The first one warms up.
                if (run >= 0)
                {
                    made.Add(emulated / plain);
                    ready.Add(ours / plain);
                    presigned.Add(emulated / unsigned);
                    string rates = string.Create(CultureInfo.InvariantCulture, $"MB/s: plain {plain / 1e6:0}, presigned {unsigned / 1e6:0}, writer {ours / 1e6:0}, emulate {emulated / 1e6:0}");
                    await Console.Error.WriteLineAsync(rates);
                }

                await DeleteAsync(client, bucket, cancellationToken);
            }
        }

        return
        [
            new Figure("`emulate --sync minio`, chunks of 64 MiB ÷ plain PUTs of ready bytes, 4 at once, same SDK and signing", Median(made), "×", 0.85, 0.95, Better.More),
            new Figure("the same ÷ presigned PUTs", Median(presigned), "×", 0.5, 0.9, Better.More),
            new Figure("ready bytes through the store's writer, 4 objects at once ÷ plain PUTs", Median(ready), "×", 0.8, 0.95, Better.More),
        ];
    }

    private static double? Median(List<double> values) => values.Count == 0 ? null : values.Order().ElementAt(values.Count / 2);

    private static async Task<double> RateAsync(Func<int, CancellationToken, Task> put, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Objects, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (number, token) => await put(number, token));
        return (double)Objects * ObjectSize / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    // Claim, manifest and all; over so many chunks that the first second, in which the program is compiled, counts little: the
    // peers are warm.
    private static async Task<double> EmulateAsync(Workplace workplace, string bucket)
    {
        Ended ended = await Lakelab.RunAsync(
            "emulate", "transaction", "--rows", "12000000", "--sync", "minio", "--bucket", bucket, "--prefix", "emulated", "--max-chunk-size", "64MiB",
            "--lake", workplace.NewFolder(), "--json", "--quiet");
        using JsonDocument report = JsonDocument.Parse(ended.Output);
        return report.RootElement.GetProperty("domains")[0].GetProperty("made_bytes").GetInt64() / report.RootElement.GetProperty("domains")[0].GetProperty("seconds").GetDouble();
    }

    private static async Task PutAsync(AmazonS3Client client, string bucket, int number, CancellationToken cancellationToken)
    {
        using MemoryStream body = new(s_content, writable: false);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = $"plain/{number}", InputStream = body, UseChunkEncoding = false }, cancellationToken);
    }

    private static async Task PutPresignedAsync(AmazonS3Client client, string bucket, int number, CancellationToken cancellationToken)
    {
        string url = await client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = bucket, Key = $"presigned/{number}", Verb = HttpVerb.PUT, Protocol = Protocol.HTTP, Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
        });
        using ByteArrayContent body = new(s_content);
        using HttpResponseMessage response = await s_http.PutAsync(new Uri(url), body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task WriteAsync(S3Store store, int number, CancellationToken cancellationToken)
    {
        await using ObjectWriter writer = await store.CreateAsync($"written/{number}", cancellationToken);
        const int Step = 1 << 18;
        for (int at = 0; at < ObjectSize; at += Step)
        {
            await writer.WriteAsync(s_content.AsMemory(at, Step), cancellationToken);
        }

        await writer.TryCompleteAsync(cancellationToken);
    }

    private static async Task DeleteAsync(AmazonS3Client client, string bucket, CancellationToken cancellationToken)
    {
        ListObjectsV2Response objects = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, cancellationToken);
        foreach (S3Object item in objects.S3Objects)
        {
            await client.DeleteObjectAsync(bucket, item.Key, cancellationToken);
        }

        await client.DeleteBucketAsync(bucket, cancellationToken);
    }
}
