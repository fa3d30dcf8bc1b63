using LakehouseLab.Audit.Reports;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Audit;

/// <summary>What tables have not ingested yet is behind, and neither missing nor a reason not to look at the rest.</summary>
public sealed class BehindAuditTests(WholeLake whole)
{
    [Fact]
    public async Task RunAsync_EmulatedAndNeverRun_IsBehindWithTheCommandThatCatchesUp()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 700);
        await lake.EmulateAsync(BuiltIn.UserProfile, 0, 200);
        await lake.EmulateAsync(BuiltIn.DeviceLog, 0, 100);
        AuditReport report = await lake.AuditAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Findings.Select(finding => finding.Text)));
        Assert.Equal([Verdict.Behind], report.Verdicts);
        Assert.Equal(700, Find(report, "gold.daily_spend").Behind!.Records);
        Assert.Equal(1_000, Find(report, "gold.customer_360").Behind!.Records);
        Assert.Contains("lakelab pipeline run", Find(report, "bronze.transactions").Behind!.Remedy, StringComparison.Ordinal);
        Assert.False((report with { RequiresComplete = true }).IsClean);
    }

    [Fact]
    public async Task RunAsync_MoreDeliveredSinceTheRun_ComparesWhatWasIngested()
    {
        using AuditedLake lake = await whole.CopyAsync();
        await lake.EmulateAsync(BuiltIn.Transaction, 9_300, 40);
        await lake.EmulateAsync(BuiltIn.Transaction, 8_500, 50);
        AuditReport report = await lake.AuditAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Findings.Select(finding => finding.Text)));
        TableAudit silver = Find(report, "silver.transactions");
        Assert.Equal((4_200, 4_200, 90), (silver.Counts.Expected, silver.Counts.Found, silver.Behind!.Records));
        TableAudit spend = Find(report, "gold.daily_spend");
        Assert.NotEmpty(spend.Behind!.Months);
        Assert.Null(Find(report, "silver.device_logs").Behind);
        Assert.Null(Find(report, "gold.device_activity").Behind);
    }

    [Fact]
    public async Task RunAsync_BehindAndTamperedWith_FindsTheTamper()
    {
        using AuditedLake lake = await whole.CopyAsync();
        await lake.EmulateAsync(BuiltIn.Transaction, 9_300, 40);
        TableTampering.Rewrite(TableTampering.Files(lake, "silver/transactions")[0], "FROM this OFFSET 1");
        Assert.Equal((1, 40), (Find(await lake.AuditAsync(), "silver.transactions").Counts.Missing, Find(await lake.AuditAsync(), "silver.transactions").Behind!.Records));
    }

    [Fact]
    public async Task RunAsync_ModelsOfOneTableRun_TheOthersAreBehindByTheirOwnProgress()
    {
        using AuditedLake lake = await whole.CopyAsync();
        await lake.EmulateAsync(BuiltIn.Transaction, 9_300, 40);
        PipelineReport run = await PipelineRun.RunAsync(lake.Lake, new PipelineRequest { Select = "silver.transactions" }, TimeProvider.System, null, AuditedLake.Token);
        Assert.Empty(run.Failures);
        AuditReport report = await lake.AuditAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Findings.Select(finding => finding.Text)));
        Assert.Null(Find(report, "bronze.transactions").Behind);
        Assert.Null(Find(report, "silver.transactions").Behind);
        Assert.Equal(40, Find(report, "silver.transactions_daily").Behind!.Records);
        Assert.Equal(40, Find(report, "gold.fraud_features").Behind!.Records);
        await WholeLake.RunPipelineAsync(lake.Lake);
        Assert.Null(Find(await lake.AuditAsync(), "gold.fraud_features").Behind);
    }

    private static TableAudit Find(AuditReport report, string table) => Assert.Single(report.Tables, audit => audit.Name == table);
}
