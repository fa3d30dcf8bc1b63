using System.Text;
using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.IntegrationTests.Kafka;
using LakehouseLab.IntegrationTests.S3;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests;

/// <summary>Shards of the same rows, made at once by processes that share nothing but the lake.</summary>
public sealed class ShardedEmulationTests
{
    private static readonly string[] s_rows = ["emulate", "transaction", "--rows", "30k", "--users", "500"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Emulate_ShardsAtOnceIntoABucketAndOneOnTwoMachines_AreTheRecordsOfOneProcess()
    {
        await MinioServer.FindAsync();
        using TemporaryFolder caches = new();
        string location = $"s3://{MinioServer.NewBucket()}/lake";
        int[] shards = [2, 3, 1, 3];

        // Machines have no cache in common, and so no lock.
        (int Code, string Output, string Words)[] ends = await Task.WhenAll(shards.Select(async (shard, machine) =>
        {
            using LakelabProcess process = LakelabProcess.Start(
                new Dictionary<string, string> { ["LAKELAB_CACHE_FOLDER"] = caches.Combine($"{machine}") },
                [.. s_rows, "--max-chunk-size", "500KiB", "--shard", $"{shard}/3", "--lake", location]);
            return await process.EndAsync();
        }));
        Assert.All(ends, end => Assert.True(end.Code == 0, end.Words));

        Lake lake = await Lake.OpenAsync(location, Token);
        ManifestStore manifests = new(lake.Store);
        IReadOnlyList<Manifest> all = await manifests.ListAsync(Token);
        Assert.Equal([0, 10_000, 20_000], all.Select(manifest => manifest.FirstRow));
        Assert.Equal(3, (await new RangeClaims(lake, "transaction").ReadAsync(Token)).Count);
        StringBuilder records = new();
        foreach (Manifest manifest in all)
        {
            foreach (ChunkInfo chunk in await manifests.ListChunksAsync(manifest, Token))
            {
                records.Append(Encoding.UTF8.GetString((await lake.Store.ReadAsync(chunk.Key, Token))!));
            }
        }

        Assert.Equal((await LakelabProcess.RunAsync([.. s_rows, "--out", "-"])).Output, records.ToString());
        (int code, string output, string words) = await LakelabProcess.RunAsync("audit", "--lake", location);
        Assert.True(code == 0, output + words);
    }

    [Fact]
    public async Task Emulate_ShardsAtOnceIntoATopic_DeliverEachRecordOnceEachAtItsOwnPosition()
    {
        KafkaCluster cluster = await KafkaCluster.FindAsync();
        using TemporaryFolder folder = new();
        string topic = KafkaCluster.NewTopic();
        (int Code, string Output, string Words)[] ends = await Task.WhenAll(Enumerable.Range(1, 3).Select(shard =>
            LakelabProcess.RunAsync([.. s_rows, "--sync", "kafka", "--topic", topic, "--shard", $"{shard}/3", "--lake", folder.Path])));
        Assert.All(ends, end => Assert.True(end.Code == 0, end.Words));

        string[] expected = (await LakelabProcess.RunAsync([.. s_rows, "--out", "-"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<ConsumeResult<byte[], byte[]>> messages = cluster.ReadAll(topic);
        Dictionary<long, string> byRow = messages.ToDictionary(RowOf, message => Encoding.UTF8.GetString(message.Message.Value));
        Assert.Equal(expected, byRow.OrderBy(pair => pair.Key).Select(pair => pair.Value));

        IReadOnlyList<Manifest> all = await new ManifestStore((await Lake.OpenAsync(folder.Path, Token)).Store).ListAsync(Token);
        Assert.Equal(3, all.Count);
        Assert.All(all, manifest =>
        {
            using EmulationPosition position = new(cluster.Connection, topic, manifest.Id);
            Assert.Equal(manifest.EndRow, position.Read());
        });
        (int code, string output, string words) = await LakelabProcess.RunAsync("audit", "--lake", folder.Path);
        Assert.True(code == 0, output + words);
    }

    [Fact]
    public async Task ClaimNextAsync_ManyAtOnceInABucket_ClaimEachRowOnce()
    {
        await MinioServer.FindAsync();
        string location = $"s3://{MinioServer.NewBucket()}/lake";
        await (await Lake.OpenAsync(location, Token)).Store.PrepareAsync(Token);
        await Task.WhenAll(Enumerable.Range(1, 5).Select(claimer => Task.Run(async () =>
        {
            RangeClaims claims = new(await Lake.OpenAsync(location, Token), "transaction");
            for (int piece = 0; piece < 12; piece++)
            {
                await claims.ClaimNextAsync(new Guid(claimer, 0, 0, new byte[8]), 10, Token);
            }
        })));
        IReadOnlyList<RangeClaim> all = await new RangeClaims(await Lake.OpenAsync(location, Token), "transaction").ReadAsync(Token);
        Assert.Equal(60, all.Sum(claim => claim.Claims ?? 1));
        long row = 0;
        Assert.All(all, claim =>
        {
            Assert.Equal(row, claim.FirstRow);
            row = claim.EndRow;
        });
        Assert.Equal(600, row);
    }

    private static long RowOf(ConsumeResult<byte[], byte[]> message)
    {
        Assert.True(RecordHeader.TryRead(message.Message.Headers[0].GetValueBytes(), out RecordHeader header));
        return header.Row;
    }
}
