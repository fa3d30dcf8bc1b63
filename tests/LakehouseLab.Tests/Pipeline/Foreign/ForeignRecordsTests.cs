using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Tests.Audit;

namespace LakehouseLab.Tests.Pipeline.Foreign;

/// <summary>A topic that several lakes or domains write to: Bronze has every message, Silver what its lake's policy says.</summary>
public sealed class ForeignRecordsTests
{
    private const int Own = 5_000;
    private const int Foreign = 3;

    private static readonly Guid s_otherLake = new("aaaaaaaa-1111-4111-8111-111111111111");
    private static readonly Guid s_otherDomain = new("bbbbbbbb-2222-4222-8222-222222222222");

    [Fact]
    public async Task RunAsync_MessagesOfOthers_AreInBronzeAndLeftOutOfSilverByEmulation()
    {
        using TopicLake lake = await MixedAsync();
        PipelineReport report = await RunAsync(lake);
        ModelOutcome silver = Assert.Single(report.Models);
        Assert.Equal(Own + Foreign + 1, Assert.Single(report.Bronze).Records);
        Assert.Equal((Own + Foreign + 1, Own, 0, 1), (silver.RowsIn, silver.RowsOut, silver.Quarantined, silver.Duplicates));
        Assert.Equal(new Dictionary<string, long> { [s_otherLake.ToString()] = 2, [s_otherDomain.ToString()] = 1 }, silver.Foreign);
    }

    [Fact]
    public async Task RunAsync_ForeignInAnIncrement_EqualsAFullRefresh()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        await RunAsync(lake);
        AppendOthers(lake);
        Assert.Equal(Foreign, Assert.Single((await RunAsync(lake)).Models).Foreign.Values.Sum());
        ModelOutcome full = Assert.Single((await RunAsync(lake, full: true)).Models);
        Assert.Equal((Own, Foreign), (full.RowsOut, full.Foreign.Values.Sum()));
    }

    [Fact]
    public async Task RunAsync_PolicyChanges_RebuildsSilverAndKeepsThePolicy()
    {
        using TopicLake lake = await MixedAsync();
        await RunAsync(lake);

        ModelOutcome quarantining = Assert.Single((await RunAsync(lake, ForeignTreatment.Quarantine)).Models);
        Assert.Equal((Own, Foreign, 0), (quarantining.RowsOut, quarantining.Quarantined, quarantining.Foreign.Count));
        Assert.Contains("foreign records are treated otherwise", quarantining.Note, StringComparison.Ordinal);
        Assert.Equal(Foreign, await QuarantinedAsync(lake));

        ModelOutcome again = Assert.Single((await RunAsync(lake)).Models);
        Assert.Equal(ModelState.UpToDate, again.State);

        // What the other lake sent is what this one has already, so all of it is duplicates.
        ModelOutcome ingesting = Assert.Single((await RunAsync(lake, ForeignTreatment.Ingest)).Models);
        Assert.Equal((Own, 0, Foreign + 1), (ingesting.RowsOut, ingesting.Quarantined, ingesting.Duplicates));
        Assert.Equal(0, await QuarantinedAsync(lake));
    }

    [Fact]
    public async Task PlanAsync_OtherPolicyAskedFor_SaysThatSilverIsRebuilt()
    {
        using TopicLake lake = await MixedAsync();
        await RunAsync(lake);
        PipelineRequest request = new() { Select = "silver.transactions", Topics = lake.Log, Foreign = ForeignTreatment.Ingest };
        ModelPlan plan = Assert.Single((await PipelineRun.PlanAsync(lake.Lake, request, AuditedLake.Token)).Models);
        Assert.Contains("foreign records are treated otherwise", plan.Reason, StringComparison.Ordinal);
        Assert.Equal(ModelState.UpToDate, Assert.Single((await RunAsync(lake)).Models).State);
    }

    [Theory]
    [InlineData(ForeignTreatment.Report)]
    [InlineData(ForeignTreatment.Quarantine)]
    [InlineData(ForeignTreatment.Ingest)]
    public async Task Audit_MessagesOfOthers_AreForeignInTopicAndBronzeAndNoFault(ForeignTreatment treatment)
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        AppendOthers(lake);
        await PipelineRun.RunAsync(lake.Lake, new PipelineRequest { Topics = lake.Log, Foreign = treatment }, TimeProvider.System, null, AuditedLake.Token);
        AuditReport report = await LakeAudit.RunAsync(lake.Lake, new AuditRequest(BuiltInTables.All) { Topics = lake.Log }, null, AuditedLake.Token);
        Assert.True(report.IsClean, string.Join('\n', report.Tables.SelectMany(table => table.Findings).Select(finding => finding.Text)));
        Assert.Equal((Foreign, Foreign), (report.Tables.Single(table => table.Name == "topic/transactions").Counts.Foreign, report.Tables.Single(table => table.Name == "bronze.transactions").Counts.Foreign));
        Assert.Contains(Verdict.Foreign, report.Verdicts);
        Assert.Equal(treatment == ForeignTreatment.Ingest, report.Tables.Any(table => table.NotAudited is not null));
    }

    [Fact]
    public async Task Audit_OwnMessageNamesAStranger_IsMissing()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.ChangeHeader(TopicLake.Topic, 0, 0, new RecordHeader(s_otherLake, 0));
        await PipelineRun.RunAsync(lake.Lake, new PipelineRequest { Topics = lake.Log }, TimeProvider.System, null, AuditedLake.Token);
        AuditReport report = await LakeAudit.RunAsync(lake.Lake, new AuditRequest(BuiltInTables.All) { Topics = lake.Log }, null, AuditedLake.Token);
        Assert.False(report.IsClean);
        Assert.Equal((1, 1), (report.Tables.Single(table => table.Name == "topic/transactions").Counts.Missing, report.Tables.Single(table => table.Name == "bronze.transactions").Counts.Missing));
    }

    // One message without header is nobody's in particular: it is ingested as ever.
    private static async Task<TopicLake> MixedAsync()
    {
        TopicLake lake = await TopicLake.DeliverAsync();
        AppendOthers(lake);
        lake.Append(7, lake.Records[7], header: false);
        return lake;
    }

    private static void AppendOthers(TopicLake lake)
    {
        lake.Log.Append(TopicLake.Topic, 0, lake.Records[11], null, new RecordHeader(s_otherLake, 11));
        lake.Log.Append(TopicLake.Topic, 1, lake.Records[12], null, new RecordHeader(s_otherDomain, 12));
        lake.Log.Append(TopicLake.Topic, 2, lake.Records[13], null, new RecordHeader(s_otherLake, 13));
    }

    private static Task<PipelineReport> RunAsync(TopicLake lake, ForeignTreatment? foreign = null, bool full = false) => PipelineRun.RunAsync(
        lake.Lake, new PipelineRequest { Select = "silver.transactions", Topics = lake.Log, Foreign = foreign, FullRefresh = full }, TimeProvider.System, null, AuditedLake.Token);

    private static async Task<long?> QuarantinedAsync(TopicLake lake) =>
        (await new DeltaTable(lake.Lake.Store, "silver/quarantine").GetSnapshotAsync(AuditedLake.Token)).Files.Sum(file => file.Rows);
}
