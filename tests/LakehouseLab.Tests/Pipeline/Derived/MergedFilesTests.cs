using System.Text;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Pipeline.Derived;

/// <summary>Which data files a merge opens.</summary>
public sealed class MergedFilesTests
{
    private const string Model = """
        /*
        description: Payments of each person.
        materialization: incremental
        strategy: merge
        key: [user_id]
        columns:
          user_id: [BIGINT NOT NULL, u]
          n: [BIGINT NOT NULL, n]
        */
        SELECT user_id, count(*) AS n FROM ref('silver.transactions') GROUP BY user_id
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_StatisticsRuleAFileOut_LeavesItUnread()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        DeltaTable table = new(lake.Store, "gold/own");
        await PayAsync(lake, (1, 1), (2, 2), (3, 3));
        AddFile first = Assert.Single((await table.GetSnapshotAsync(Token)).Files);
        await PayAsync(lake, (10, 10), (11, 11), (12, 12));

        // Were it opened, the run would fail.
        await lake.Store.DeleteAsync(table.KeyOf(first.Path), Token);
        Assert.Equal(3, (await PayAsync(lake, (20, 11))).RowsOut);
        Assert.Equal(1, (await PayAsync(lake, (21, 400))).RowsOut);
        Assert.Contains(first.Path, (await table.GetSnapshotAsync(Token)).Files.Select(file => file.Path));
    }

    private static async Task<ModelOutcome> PayAsync(Lake lake, params (int Payment, long Person)[] payments)
    {
        IEnumerable<string> lines = payments.Select(payment =>
            $$"""{"transaction_id":"00000000-0000-0000-0000-{{payment.Payment:d12}}","user_id":{{payment.Person}},"amount":12.5,"currency":"EUR","merchant":"x","timestamp":"2026-01-01T00:00:00Z","location":"Paris, FR","is_fraud":false}""");
        await lake.Store.PutAsync($"raw/transaction/{payments[0].Payment}.json", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), Token);
        await PipelineRun.RunAsync(lake, new PipelineRequest { Select = "silver.transactions" }, TimeProvider.System, null, Token);
        return await OwnModel.RunAsync(lake, "gold.own", Model);
    }
}
