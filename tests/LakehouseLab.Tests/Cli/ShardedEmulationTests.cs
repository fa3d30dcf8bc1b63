using System.Text;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.Tests.Cli;

/// <summary>Several processes make parts of the same rows at once: the lake has what one would have made.</summary>
public sealed class ShardedEmulationTests
{
    private const ulong Seed = 20261127;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("json", 1)]
    [InlineData("csv", 2)]
    [InlineData("parquet", 3)]
    public async Task Emulate_ShardsAtOnceInAnyOrderAndOneTwice_AreTheRecordsOfOneProcess(string format, ulong trial)
    {
        using TemporaryFolder folder = new();
        string[] command = ["emulate", "transaction", "--first-row", "1k", "--rows", "10_001", "--users", "300", "--format", format, "--max-chunk-size", "200KiB"];
        Assert.Equal(0, (await CommandRun.OfAsync([.. command, "--lake", folder.Combine("one")])).Code);

        int[] order = [.. Enumerable.Range(1, 4).OrderBy(shard => Draw.Bits(Seed + trial, (ulong)shard))];
        CommandRun[] runs = await Task.WhenAll(order.Append(order[0]).Select(shard => Task.Run(() => CommandRun.OfAsync([.. command, "--shard", $"{shard}/4", "--lake", folder.Combine("many")]))));
        Assert.All(runs[1..4], run => Assert.True(run.Code == 0, run.Words));
        CommandRun[] twice = [runs[0], runs[4]];
        Assert.Contains(twice, static run => run.Code == 0);
        Assert.All(twice.Where(static run => run.Code != 0), static run => Assert.Contains("is under way in another run", run.Words, StringComparison.Ordinal));

        Assert.Equal(await ReadAsync(folder.Combine("one"), emulations: 1), await ReadAsync(folder.Combine("many"), emulations: 4));
        CommandRun audit = await CommandRun.OfAsync(["audit", "--lake", folder.Combine("many")]);
        Assert.True(audit.Code == 0, audit.Words);

        // The same rows, however they are asked for, are the same emulation.
        CommandRun again = await CommandRun.OfAsync([.. command, "--shard", "2/4", "--lake", folder.Combine("many")]);
        Assert.Contains("nothing was made", again.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmulateAll_ShardsAtOnce_AreTheRecordsOfOneProcessInEveryDomain()
    {
        using TemporaryFolder folder = new();
        string[] command = ["emulate", "all", "--rows", "3k", "--users", "200"];
        Assert.Equal(0, (await CommandRun.OfAsync([.. command, "--lake", folder.Combine("one")])).Code);
        CommandRun[] runs = await Task.WhenAll(Enumerable.Range(1, 3).Select(shard => Task.Run(() => CommandRun.OfAsync([.. command, "--shard", $"{shard}/3", "--lake", folder.Combine("many")]))));
        Assert.All(runs, run => Assert.True(run.Code == 0, run.Words));

        Assert.Equal(await ReadAsync(folder.Combine("one"), emulations: 3), await ReadAsync(folder.Combine("many"), emulations: 9));
        Assert.Equal(0, (await CommandRun.OfAsync(["audit", "--lake", folder.Combine("many")])).Code);
        Assert.Contains("nothing was made", (await CommandRun.OfAsync([.. command, "--lake", folder.Combine("many")])).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmulateAll_UnfinishedEmulationOfSeveralShards_IsToBeFinishedFirst()
    {
        using TemporaryFolder folder = new();
        string[] command = ["emulate", "all", "--rows", "2k", "--users", "200", "--lake", folder.Path];
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await new RangeClaims(lake, "transaction").ClaimAsync(new RangeClaim(Guid.Empty, 0, 1_500), Token);

        CommandRun refused = await CommandRun.OfAsync([.. command, "--shard", "1/2"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains($"emulation {Guid.Empty} of transaction is unfinished and has rows 0 to 1499, which shard 1/2 has a part of: finish it first with lakelab emulate transaction --emulation {Guid.Empty}", refused.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emulate_ShardsToStandardOutput_AreTheWholeOneAfterTheOther()
    {
        string whole = (await CommandRun.OfAsync("emulate device-log --rows 100 --out -")).Data;
        StringBuilder parts = new();
        for (int shard = 1; shard <= 3; shard++)
        {
            parts.Append((await CommandRun.OfAsync($"emulate device-log --rows 100 --shard {shard}/3 --out -")).Data);
        }

        Assert.Equal(whole, parts.ToString());
    }

    // All records of a lake, domain after domain in the order of their rows, as readers of raw objects get them.
    private static async Task<string> ReadAsync(string root, int emulations)
    {
        Lake lake = await Lake.OpenAsync(root, Token);
        ManifestStore manifests = new(lake.Store);
        IReadOnlyList<Manifest> all = await manifests.ListAsync(Token);
        Assert.Equal(emulations, all.Count);
        StringBuilder records = new();
        foreach (Manifest manifest in all)
        {
            Assert.Equal(EmulationState.Completed, manifest.State);
            foreach (ChunkInfo chunk in await manifests.ListChunksAsync(manifest, Token))
            {
                using RecordReader reader = await FormatReaders.OpenAsync(lake.Store, chunk.Key, Domain.Find(manifest.Domain)!.Schema, manifest.ChunkFormat, Token);
                while (reader.TryRead(out ReadOnlySpan<byte> payload))
                {
                    records.Append(Encoding.UTF8.GetString(payload)).Append('\n');
                }
            }
        }

        return records.ToString();
    }
}
