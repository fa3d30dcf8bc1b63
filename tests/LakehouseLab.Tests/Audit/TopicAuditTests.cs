using System.Text;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;

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
        lake.Append(7, lake.Records[7]);
        lake.Append(8, "garbage"u8.ToArray());
        lake.Append(9, value: null);
        lake.Append(10, Encoding.UTF8.GetBytes("{\"transaction_id\":\"00000000-0000-8000-8000-000000000000\"}"), header: false);
        lake.Log.Append(TopicLake.Topic, 0, lake.Records[11], null, new RecordHeader(Guid.Empty, 11));
        lake.Log.DeleteBefore(TopicLake.Topic, 1, 1);
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(new AuditCounts(5_000, 5_004, 1, 3, 0, 2), audit.Counts);
        Assert.Contains(audit.Findings, finding => finding is { Kind: FindingKind.Duplicated, Row: 7, Place: "transactions-1@1667", Column: null, Cause: null });
        Assert.Contains(audit.Findings, finding => finding is { Kind: FindingKind.Missing, Row: 1 });
        Assert.Contains(audit.Findings, finding => finding.Kind == FindingKind.Unexpected && finding.Cause!.Contains("which this lake did not deliver here", StringComparison.Ordinal));
        Assert.Contains("keeps no records before offset 1", Assert.Single(audit.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ValueAltered_SaysHow()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.Change(TopicLake.Topic, 0, 1, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(lake.Records[3]).Replace("\"currency\":\"", "\"currency\":\"X", StringComparison.Ordinal)));
        lake.Log.Change(TopicLake.Topic, 0, 2, "garbage"u8.ToArray());
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(new AuditCounts(5_000, 5_000, 0, 0, 2, 0), audit.Counts);
        Assert.Equal((3, "transactions-0@1"), (audit.Findings[0].Row, audit.Findings[0].Place));
        Assert.Equal("currency", audit.Findings[0].Column);
        Assert.Equal((6, "garbage"), (audit.Findings[1].Row, audit.Findings[1].Found));
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
        Assert.Contains(audit.Notes, note => note.StartsWith("2,000 records lie behind the positions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_TopicMadeAgainOrGone_IsDamage()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.Create(TopicLake.Topic, 1);
        TableAudit audit = await lake.AuditAsync(AuditLayer.Topic);
        Assert.Equal(5_000, audit.Counts.Missing);
        Assert.Contains("was deleted and made again", AuditedLake.Whole(audit).Cause, StringComparison.Ordinal);
        lake.Log.Delete(TopicLake.Topic);
        Assert.Contains("does not exist", AuditedLake.Whole(await lake.AuditAsync(AuditLayer.Topic)).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoCluster_SaysWhatToSet()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => LakeAudit.RunAsync(lake.Lake, new AuditRequest(), null, AuditedLake.Token));
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
