using System.Text.Json;
using LakehouseLab.Tests.Audit;

namespace LakehouseLab.Tests.Cli;

public sealed class AuditShardCommandTests
{
    [Fact]
    public async Task AuditMerge_OfShardsOfACleanThenTamperedLake_SaysWhatAuditSays()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.DeviceLog, 0, 200, chunkSize: 20_000);
        CommandRun clean = await MergeAsync(lake, "--layers", "raw");
        Assert.Equal(0, clean.Code);
        Assert.Contains("is as it should be: nothing was lost, doubled or altered", clean.Words, StringComparison.Ordinal);

        lake.ChangeLines("device-log", 0, lines => lines.RemoveAt(3));
        CommandRun shard = await CommandRun.OfAsync(["audit", "--lake", lake.Folder, "--layers", "raw", "--shard", "1/2"]);
        Assert.Equal(1, shard.Code);
        Assert.Contains("raw/device-log: an object is lost or not as it was delivered", shard.Data, StringComparison.Ordinal);
        Assert.Contains("with --json > FILE they are, for audit merge", shard.Words, StringComparison.Ordinal);
        CommandRun tampered = await MergeAsync(lake, "--layers", "raw");
        CommandRun single = await CommandRun.OfAsync(["audit", "--lake", lake.Folder, "--layers", "raw"]);
        Assert.Equal((1, single.Code, single.Data), (tampered.Code, tampered.Code, tampered.Data));
        Assert.Contains("missing: row 3 ", tampered.Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit --shard 4/3", "--shard: '4/3' is not a shard")]
    [InlineData("audit merge /nowhere/shard.json", "'/nowhere/shard.json' cannot be read")]
    public async Task Audit_WrongShard_SaysSoInOneLine(string line, string expected)
    {
        CommandRun run = await CommandRun.OfAsync(line);
        Assert.Equal((2, ""), (run.Code, run.Data));
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuditMerge_ThatCannotGoOn_SaysSoInJsonToo()
    {
        CommandRun run = await CommandRun.OfAsync("audit merge /nowhere/shard.json --json");
        using JsonDocument document = JsonDocument.Parse(run.Data);
        Assert.Equal("request", document.RootElement.GetProperty("fault").GetProperty("kind").GetString());
    }

    private static async Task<CommandRun> MergeAsync(AuditedLake lake, params string[] flags)
    {
        List<string> files = [];
        using TemporaryFolder reports = new();
        for (int shard = 1; shard <= 2; shard++)
        {
            files.Add(Path.Combine(reports.Path, $"{shard}.json"));
            CommandRun run = await CommandRun.OfAsync(["audit", "--lake", lake.Folder, .. flags, "--shard", $"{shard}/2", "--json"]);
            await File.WriteAllTextAsync(files[^1], run.Data, AuditedLake.Token);
        }

        return await CommandRun.OfAsync(["audit", "merge", "--lake", lake.Folder, .. files]);
    }
}
