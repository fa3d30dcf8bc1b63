using System.Text;
using System.Text.Json;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Shards;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Tests.Audit.Tampers;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Audit;

/// <summary>Several machines audit one lake: their merged verdict is that of one.</summary>
public sealed class ShardAuditTests(WholeLake whole, ReplayedLake replayed)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Merge_OfAnyNumberOfShards_IsTheSingleAudit(int count)
    {
        using AuditedLake lake = await whole.CopyAsync();
        AuditReport single = await lake.AuditAsync();
        Assert.True(single.IsClean);
        await ShardTrial.CheckAsync(lake.Lake, single, AuditedLake.Request(), count);
    }

    [Fact]
    public async Task Merge_OfLayersASampleAndARepairedLake_IsTheSingleAudit()
    {
        using AuditedLake lake = await whole.CopyAsync();
        AuditRequest sampled = AuditedLake.Request(AuditLayer.Gold) with { Sample = UserSample.Parse("1/4"), RequiresComplete = true };
        await ShardTrial.CheckAsync(lake.Lake, await LakeAudit.RunAsync(lake.Lake, sampled, null, AuditedLake.Token), sampled, 3);

        using AuditedLake repaired = await replayed.CopyAsync();
        await ShardTrial.CheckAsync(repaired.Lake, await repaired.AuditAsync(), AuditedLake.Request(), 3);
    }

    [Fact]
    public async Task Merge_OfTopicAndBronzeWithAMessageLostAndOneTwice_IsTheSingleAudit()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(DeliveryGuarantee.AtLeastOnce);
        lake.Append(7, lake.Records[7]);
        await lake.RunPipelineAsync();
        string file = Assert.Single(Directory.GetFiles(Path.Combine(lake.Lake.Location, "bronze/transactions"), "*.parquet"));
        TableTampering.Rewrite(file, "SELECT * FROM this WHERE _offset <> 3 OR _source <> 'transactions-1' UNION ALL SELECT * REPLACE (4 AS _offset) FROM this WHERE _offset = 9 AND _source = 'transactions-0'");
        AuditRequest request = AuditedLake.Request(AuditLayer.Topic, AuditLayer.Bronze) with { Topics = lake.Log };
        AuditReport single = await LakeAudit.RunAsync(lake.Lake, request, null, AuditedLake.Token);
        Assert.False(single.IsClean);
        await ShardTrial.CheckAsync(lake.Lake, single, request, 3);
    }

    // What a shard makes and reads again is what it takes time for.
    [Fact]
    public async Task Shard_OfSeveral_MakesAndReadsItsShareAlone()
    {
        using AuditedLake lake = await whole.CopyAsync();
        Work single = new();
        await LakeAudit.RunAsync(lake.Lake, AuditedLake.Request() with { Threads = 1 }, single, AuditedLake.Token);
        Work[] shards = [new(), new(), new()];
        for (int shard = 0; shard < shards.Length; shard++)
        {
            await LakeAudit.RunShardAsync(lake.Lake, AuditedLake.Request() with { Threads = 1 }, new Shard(shard + 1, shards.Length), shards[shard], AuditedLake.Token);
        }

        Assert.All(["transaction", "device_log", "bronze.transactions", "silver.transactions", "gold.fraud_features"], step =>
            Assert.Equal(single.DoneOf(step), shards.Sum(shard => shard.DoneOf(step))));
        Assert.All(shards, shard => Assert.InRange(shard.DoneOf("transaction"), 1, single.DoneOf("transaction") / 2));
    }

    [Fact]
    public async Task Merge_OfReportsThatDoNotBelongTogether_SaysWhichAndWhatToDo()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.DeviceLog, 0, 60);
        AuditRequest request = AuditedLake.Request(AuditLayer.Raw);
        IReadOnlyList<(string Source, ShardReport Report)> two = await ShardTrial.RunAsync(lake.Lake, request, 2);
        IReadOnlyList<(string Source, ShardReport Report)> three = await ShardTrial.RunAsync(lake.Lake, request, 3);
        IReadOnlyList<(string Source, ShardReport Report)> others = await ShardTrial.RunAsync(lake.Lake, AuditedLake.Request(), 2);
        Refuses("of 2 shards 1 is missing, the first is 2/2: run it", two[0]);
        Refuses("of 3 shards 2 are missing, the first is 1/3: run it", three[1]);
        Refuses("'1.json' and '1.json' are both shard 1/2: give each shard once", two[0], two[1], two[0]);
        Refuses("'1.json' is shard 1/2 and '2.json' is shard 2/3: give all shards of one division", two[0], three[1]);
        Refuses("'1.json' and '2.json' were asked for different audits: run all shards with the same flags", two[0], others[1]);

        await lake.EmulateAsync(BuiltIn.DeviceLog, 60, 60);
        IReadOnlyList<(string Source, ShardReport Report)> later = await ShardTrial.RunAsync(lake.Lake, request, 2);
        Refuses("have seen different lakes, or one lake at different times: emulation ", two[0], later[1]);
        string message = (await Assert.ThrowsAsync<InvalidRequestException>(() => ShardTrial.MergeAsync(lake.Lake, request, ShardSet.Of(two)))).Message;
        Assert.Contains("is not what the shards have seen: emulation ", message, StringComparison.Ordinal);
        Assert.True((await ShardTrial.MergeAsync(lake.Lake, request, ShardSet.Of(later))).IsClean);
    }

    // What a table waits for decides what is expected of it, though the topic itself is not audited.
    [Fact]
    public async Task Merge_OfBronzeWhoseTopicGrewMeanwhile_IsRefused()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(upTo: 4_000);
        await lake.RunPipelineAsync();
        AuditRequest request = AuditedLake.Request(AuditLayer.Bronze) with { Topics = lake.Log };
        IReadOnlyList<(string Source, ShardReport Report)> before = await ShardTrial.RunAsync(lake.Lake, request, 2);
        lake.AppendRest(4_000);
        IReadOnlyList<(string Source, ShardReport Report)> after = await ShardTrial.RunAsync(lake.Lake, request, 2);
        Refuses("what of transaction waits for bronze.transactions is 'not there' to the first", before[0], after[1]);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "is a report of version 2, and this program reads version 1")]
    [InlineData("audit_shard", "audit", "is not the report of a shard: give what audit --shard I/N --json printed")]
    [InlineData("\"state\":\"", "\"state\":\"AAAA", "is damaged: its checksum is that of another content")]
    [InlineData("\"facts\":", "\"fact\":", "is cut off or not JSON")]
    [InlineData("}", "", "is cut off or not JSON")]
    public async Task Read_OfADamagedReport_SaysSo(string text, string other, string expected)
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.DeviceLog, 0, 60);
        ShardReport report = (await LakeAudit.RunShardAsync(lake.Lake, AuditedLake.Request(), new Shard(1, 2), null, AuditedLake.Token)).Sealed();
        string json = JsonSerializer.Serialize(report, ShardDocuments.Default.Report);
        string changed = json.Replace(text, other, StringComparison.Ordinal);
        Assert.NotEqual(json, changed);
        Assert.Contains($"'a.json' {expected}", Assert.Throws<InvalidRequestException>(() => ShardDocuments.Read("a.json", Encoding.UTF8.GetBytes(changed))).Message, StringComparison.Ordinal);
    }

    private static void Refuses(string expected, params (string Source, ShardReport Report)[] reports) =>
        Assert.Contains(expected, Assert.Throws<InvalidRequestException>(() => ShardSet.Of(reports)).Message, StringComparison.Ordinal);

    private sealed class Work : IProgress<AuditProgress>
    {
        private readonly Dictionary<string, long> _done = [];

        public long DoneOf(string step) => _done.GetValueOrDefault(step);

        public void Report(AuditProgress value)
        {
            lock (_done)
            {
                _done[value.Step] = Math.Max(DoneOf(value.Step), value.Done);
            }
        }
    }
}
