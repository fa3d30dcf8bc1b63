using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>What becomes of the new content of raw files that changed after their ingestion.</summary>
public sealed class ReingestTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_Reingest_KeepsFirstRowsAndQuarantinesChangedOnes()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await PutAsync(lake, Line(1, 10), Line(2, 20));
        await RunAsync(lake, new PipelineRequest());
        await PutAsync(lake, Line(1, 10), Line(2, 21), Line(3, 30));

        PipelineReport changed = await RunAsync(lake, new PipelineRequest());
        Assert.True(changed.FoundWanting);
        Assert.Empty(changed.Failures);
        Assert.Contains("grew", Assert.Single(changed.Bronze.SelectMany(bronze => bronze.Remarks)).Reason, StringComparison.Ordinal);
        PipelinePlan plan = await PipelineRun.PlanAsync(lake, new PipelineRequest(), s_token);
        Assert.Equal(changed.Bronze.SelectMany(bronze => bronze.Remarks), plan.Bronze.SelectMany(bronze => bronze.Remarks));
        Assert.DoesNotContain(plan.Bronze, bronze => bronze.Runs);

        PipelineReport again = await RunAsync(lake, new PipelineRequest { Reingest = true });
        ModelOutcome silver = again.Models.Single(model => model.Table == "silver.transactions");
        Assert.Equal((3L, 1L, 1L), (silver.RowsIn, silver.Quarantined, silver.Duplicates));
        Assert.Equal(["1 | 10.0000 | a.json", "2 | 20.0000 | a.json", "3 | 30.0000 | a.json#2"], await RowsAsync(lake, folder));

        await RunAsync(lake, new PipelineRequest { FullRefresh = true });
        Assert.Equal(["1 | 10.0000 | a.json", "2 | 20.0000 | a.json", "3 | 30.0000 | a.json#2"], await RowsAsync(lake, folder));
        Assert.Equal(["a.json#2 | 1"], await LakeQueries.QueryAsync(
            lake, folder.Path, "SELECT replace(_source, 'raw/transaction/', ''), _offset FROM silver.quarantine", [QuarantineTable.Name]));
    }

    private static Task<PipelineReport> RunAsync(Lake lake, PipelineRequest request) =>
        PipelineRun.RunAsync(lake, request with { Select = "silver.transactions" }, TimeProvider.System, null, s_token);

    private static Task<List<string>> RowsAsync(Lake lake, TemporaryFolder folder) => LakeQueries.QueryAsync(
        lake, folder.Path, "SELECT user_id, amount, replace(_source, 'raw/transaction/', '') FROM silver.transactions ORDER BY user_id", [new TableName("silver", "transactions")]);

    private static async Task PutAsync(Lake lake, params string[] lines) =>
        await lake.Store.PutAsync("raw/transaction/a.json", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)), s_token);

    private static string Line(int user, int amount) =>
        $$"""{"transaction_id":"0000abc0-0000-0000-0000-{{user:x12}}","user_id":{{user}},"amount":{{amount}},"currency":"EUR","merchant":"Oak","timestamp":"2026-03-29T01:30:00Z","location":"Wien, AT"}""";
}
