using System.Text;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Audit;

public sealed class TopicAuditTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_Delivered_IsCleanInTheTopicAndAboveIt(bool headers)
    {
        using TopicLake lake = await TopicLake.DeliverAsync(headers: headers);
        await lake.RunPipelineAsync();
        foreach (AuditLayer layer in (AuditLayer[])[AuditLayer.Topic, AuditLayer.Bronze])
        {
            TableAudit audit = await lake.AuditAsync(layer);
            Assert.True(audit.IsClean, $"{audit.Name}: {audit.Verdict} {string.Join(' ', audit.Findings.Select(finding => finding.Text))}");
            Assert.Equal((5_000, 5_000), (audit.Counts.Expected, audit.Counts.Found));
        }
    }

    [Fact]
    public async Task RunAsync_TopicTamperedWith_TellsEachInTheTopicAndInBronze()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        string again = lake.Append(7, lake.Records[7]);
        lake.Append(8, "garbage"u8.ToArray());
        lake.Append(9, value: null);
        lake.Append(10, Encoding.UTF8.GetBytes("{\"transaction_id\":\"00000000-0000-8000-8000-000000000000\"}"), header: false);
        lake.Log.Append(TopicLake.Topic, 0, lake.Records[11], null, new RecordHeader(Guid.Empty, 11));
        lake.Log.Append(TopicLake.Topic, 0, lake.Records[11], null, new RecordHeader(TopicLake.Emulation, 9_999));
        int first = lake.Places.FindIndex(place => place.Partition == 1);
        lake.Log.DeleteBefore(TopicLake.Topic, 1, 1);
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(new AuditCounts(5_000, 5_004, 1, 3, 0, 2) { Foreign = 1 }, audit.Counts);
        Assert.Contains(audit.Findings, finding => finding is { Kind: FindingKind.Duplicated, Row: 7, Column: null, Cause: null } && finding.Place == again);
        Assert.Contains(audit.Findings, finding => finding.Kind == FindingKind.Missing && finding.Row == first);
        Assert.Contains(audit.Findings, finding => finding.Kind == FindingKind.Unexpected && finding.Cause!.Contains("which this lake did not deliver here", StringComparison.Ordinal));
        Assert.Contains("keeps no records before offset 1", Assert.Single(audit.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ValueAltered_SaysHow()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.Change(TopicLake.Topic, lake.Places[3].Partition, lake.Places[3].Offset, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(lake.Records[3]).Replace("\"currency\":\"", "\"currency\":\"X", StringComparison.Ordinal)));
        lake.Log.Change(TopicLake.Topic, lake.Places[6].Partition, lake.Places[6].Offset, "garbage"u8.ToArray());
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(new AuditCounts(5_000, 5_000, 0, 0, 2, 0), audit.Counts);
        Finding currency = Assert.Single(audit.Findings, finding => finding.Row == 3);
        Assert.Equal(("currency", $"transactions-{lake.Places[3].Partition}@{lake.Places[3].Offset}"), (currency.Column, currency.Place));
        Assert.Equal("garbage", Assert.Single(audit.Findings, finding => finding.Row == 6).Found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_HeadersOrRecordsExchanged_BothRowsAreAltered(bool records)
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        Exchange(lake, 10, 20, (message, other) => records ? message with { Value = other.Value } : message with { Header = other.Header });
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(new AuditCounts(5_000, 5_000, 0, 0, 2, 0), audit.Counts);
        Assert.Equal([10, 20], audit.Findings.Select(finding => finding.Row!.Value).Order());
        Assert.All(audit.Findings, finding => Assert.Contains("transaction_id", finding.Column, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("x")]
    public async Task RunAsync_KeyChanged_IsAltered(string? key)
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        (int partition, long offset) = lake.Places[40];
        lake.Log.Change(TopicLake.Topic, partition, offset, message => message with { Key = key is null ? null : Encoding.UTF8.GetBytes(key) });
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal((FindingKind.Altered, 40, "key", Encoding.ASCII.GetString(lake.KeyOf(40))), (finding.Kind, finding.Row, finding.Column, finding.Expected));
    }

    [Fact]
    public async Task RunAsync_MessagesInEachOthersPartitions_BothAreAltered()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        int other = Enumerable.Range(31, 100).First(row => lake.Places[row].Partition != lake.Places[30].Partition);
        Exchange(lake, 30, other, static (_, message) => message);
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(new AuditCounts(5_000, 5_000, 0, 0, 2, 0), audit.Counts);
        Assert.All(audit.Findings, finding => Assert.StartsWith("partition", finding.Column, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_OrderOfAKeyBroken_IsAltered()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        string user = Encoding.ASCII.GetString(lake.KeyOf(50));
        int later = Enumerable.Range(51, 4_900).First(row => Encoding.ASCII.GetString(lake.KeyOf(row)) == user);
        Exchange(lake, 50, later, static (_, message) => message);
        Finding finding = Assert.Single((await lake.AuditAsync(AuditLayer.Topic)).Findings);
        Assert.Equal((FindingKind.Altered, 50, "offset"), (finding.Kind, finding.Row, finding.Column));
    }

    [Fact]
    public async Task RunAsync_TopicGrew_IsClean()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(partitions: 2);
        lake.Log.AddPartition(TopicLake.Topic);
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.True(audit.IsClean, string.Join(' ', audit.Findings.Select(finding => finding.Text)));
    }

    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void HashOf_KafkasOwnExamples_IsTheSame(string key, int hash) => Assert.Equal(hash & int.MaxValue, Murmur2.HashOf(Encoding.UTF8.GetBytes(key)));

    private static void Exchange(TopicLake lake, int row, int other, Func<TopicMessage, TopicMessage, TopicMessage> exchange)
    {
        ((int Partition, long Offset) first, (int Partition, long Offset) second) = (lake.Places[row], lake.Places[other]);
        TopicMessage kept = lake.Log.Change(TopicLake.Topic, first.Partition, first.Offset, static message => message);
        TopicMessage before = lake.Log.Change(TopicLake.Topic, second.Partition, second.Offset, message => exchange(message, kept));
        lake.Log.Change(TopicLake.Topic, first.Partition, first.Offset, message => exchange(message, before));
    }

    [Fact]
    public async Task RunAsync_AtLeastOnceRepeated_IsReportedAndPermittedWhereItWasWritten()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(DeliveryGuarantee.AtLeastOnce);
        lake.Append(7, lake.Records[7]);
        await lake.RunPipelineAsync();
        foreach (AuditLayer layer in (AuditLayer[])[AuditLayer.Topic, AuditLayer.Bronze])
        {
            TableAudit audit = await lake.AuditAsync(layer);
            Assert.True(audit.IsClean, audit.Verdict);
            Assert.Equal((5_001, 1, 1), (audit.Counts.Found, audit.Counts.Duplicated, audit.Counts.Permitted));
            Assert.Contains("at_least_once permits", audit.Verdict, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunAsync_AtLeastOnceRepeatedWithOtherContent_IsWrong()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(DeliveryGuarantee.AtLeastOnce);
        lake.Append(7, lake.Records[8]);
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal((false, 1, 0), (audit.IsClean, audit.Counts.Duplicated, audit.Counts.Permitted));
    }

    [Fact]
    public async Task RunAsync_EmulationNotEnded_GoesByItsPosition()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(DeliveryGuarantee.AtLeastOnce, ends: EmulationState.Running);
        await lake.PutAsync(await lake.ManifestAsync() with { DeliveredRows = 1_000 });
        lake.Log.Positions[TopicLake.Emulation] = 3_000;
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.True(audit.IsClean, audit.Verdict);
        Assert.Equal(3_000, audit.Counts.Expected);
        Assert.Contains(audit.Notes, note => note.StartsWith("2,000 records are behind the positions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_TopicMadeAgainOrGone_IsDamage()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.Create(TopicLake.Topic, 1);
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(5_000, audit.Counts.Missing);
        Assert.Contains("was deleted and recreated", AuditedLake.Whole(audit).Cause, StringComparison.Ordinal);
        lake.Log.Delete(TopicLake.Topic);
        Assert.Contains("does not exist", AuditedLake.Whole(await lake.AuditAsync(AuditLayer.Topic)).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeliveryGuarantee.ExactlyOnce)]
    [InlineData(DeliveryGuarantee.AtLeastOnce)]
    public async Task RunAsync_MessagesBehindBronze_AreBehindAndNotMissing(DeliveryGuarantee delivery)
    {
        using TopicLake lake = await TopicLake.DeliverAsync(delivery, upTo: 4_000);
        await lake.RunPipelineAsync();
        lake.AppendRest(4_000);
        foreach (AuditLayer layer in (AuditLayer[])[AuditLayer.Bronze, AuditLayer.Silver])
        {
            TableAudit audit = await lake.AuditAsync(layer);
            Assert.True(audit.IsClean, $"{audit.Name}: {audit.Verdict}");
            Assert.Equal((4_000, 4_000, 1_000), (audit.Counts.Expected, audit.Counts.Found, audit.Behind!.Records));
        }
    }

    [Fact]
    public async Task RunAsync_NoCluster_SaysWhatToSet()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => LakeAudit.RunAsync(lake.Lake, new AuditRequest(BuiltInTables.All), null, AuditedLake.Token));
        Assert.Contains("KAFKA_BOOTSTRAP_SERVERS is not set", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_MessageTakenIntoBronzeTwice_IsBronzesFaultWhateverIsPermitted()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(DeliveryGuarantee.AtLeastOnce);
        await lake.RunPipelineAsync();
        string file = Directory.GetFiles(Path.Combine(lake.Lake.Location, "bronze/transactions"), "*.parquet")[0];
        TableTampering.Rewrite(file, "FROM this UNION ALL FROM this WHERE _offset = 5 AND _source = 'transactions-0'");
        TableAudit audit = await lake.AuditAsync(AuditLayer.Bronze);
        Assert.Equal((1, 0), (audit.Counts.Duplicated, audit.Counts.Permitted));
        Assert.Contains("from transactions-0@5", Assert.Single(audit.Findings).Place, StringComparison.Ordinal);
    }
}
