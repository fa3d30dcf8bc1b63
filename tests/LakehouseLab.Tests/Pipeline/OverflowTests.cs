using System.Globalization;
using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>Records that are each valid, and whose sum no declared column can hold.</summary>
public sealed class OverflowTests
{
    [Fact]
    public async Task RunAsync_SumTooLargeForItsColumn_FailsThatModelAloneAndLeavesItsTable()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await PutAsync(lake, "small", 0, 1);
        Assert.Empty((await RunAsync(lake)).Failures);
        string before = await LakeQueries.DumpAsync(lake, folder.Path);

        await PutAsync(lake, "large", 1, 1_002);
        foreach (int _ in (int[])[1, 2])
        {
            PipelineReport report = await RunAsync(lake);
            Assert.Equal(
                "silver.transactions_daily: column amount is DECIMAL(18,4), which cannot hold 100200000000012.4998 at day 2026-05-05, user_id 9, merchant Oak, currency EUR; the table stays as it was. "
                + "Declare a wider type in models/silver/transactions_daily.sql, or correct the records of that key; then run again",
                Assert.Single(report.Failures));
            Assert.Equal(
                ["gold.daily_spend: silver.transactions_daily failed", "gold.customer_360: silver.transactions_daily failed", "gold.fraud_features: gold.daily_spend failed", "gold.merchant_performance: silver.transactions_daily failed"],
                report.Models.Where(model => model.State == ModelState.Skipped).Select(model => $"{model.Table}: {model.Note}"));
        }

        string after = await LakeQueries.DumpAsync(lake, folder.Path);
        Assert.Equal(Part(before, "silver.transactions_daily"), Part(after, "silver.transactions_daily"));
        Assert.Equal(Part(before, "gold.fraud_features"), Part(after, "gold.fraud_features"));
        Assert.Equal(1_003, Part(after, "silver.transactions").Count(symbol => symbol == '\n') - 1);
    }

    private static string Part(string dump, string table) => dump.Split("== ").Single(part => part.StartsWith(table + "\n", StringComparison.Ordinal));

    private static async Task PutAsync(Lake lake, string file, int first, int count)
    {
        StringBuilder lines = new();
        for (int number = first; number < first + count; number++)
        {
            string amount = first == 0 ? "12.6" : "99999999999.9999";
            lines.Append(CultureInfo.InvariantCulture, $$"""{"transaction_id":"00000000-0000-8000-8000-{{number:d12}}","user_id":9,"amount":{{amount}},"currency":"EUR","merchant":"Oak","timestamp":"2026-05-05T12:00:00Z","location":"Paris, FR"}""").Append('\n');
        }

        await lake.Store.PutAsync($"raw/transaction/{file}.json", Encoding.UTF8.GetBytes(lines.ToString()), TestContext.Current.CancellationToken);
    }

    private static Task<PipelineReport> RunAsync(Lake lake) =>
        PipelineRun.RunAsync(lake, new PipelineRequest(), TimeProvider.System, null, TestContext.Current.CancellationToken);
}
