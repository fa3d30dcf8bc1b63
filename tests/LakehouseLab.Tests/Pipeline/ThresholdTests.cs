using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>The shares at which broken expectations are a finding or fail a model, for rows that do not stay in its table.</summary>
public sealed class ThresholdTests
{
    private const string First = "transaction_id 00000000-0000-0000-0000-000000000001";

    [Fact]
    public async Task RunAsync_MoreThanTheShareIsQuarantined_LeavesTableAndQuarantineAsTheyWere()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);

        // Records that nothing can be expected of, since they cannot be typed, do not count.
        await PutAsync(lake, "a", Payment(1, -1), Payment(2, 1), Payment(3, 1), Payment(4, 1), "{", "{", "{", "{");
        string failure = Assert.Single((await RunAsync(lake, Quarantining("fail: 0.2"))).Failures);
        Assert.Contains($"1 of 4 rows break 'amount is not negative' (amount >= 0), such as {First}, more than the share of 0.2 at which it fails; the table and quarantine stay as they were", failure, StringComparison.Ordinal);
        Assert.Equal("0 | 0", await CountsAsync(lake, folder));

        PipelineReport report = await RunAsync(lake, Quarantining("warn: 0.2, fail: 0.25"));
        Assert.Empty(report.Failures);
        Assert.True(report.FoundWanting);
        Assert.Equal("3 | 5", await CountsAsync(lake, folder));
        RunWarning warning = Assert.Single(Assert.Single(report.Models).Warnings);
        Assert.Equal("1 of 4 rows break 'amount is not negative', more than the share of 0.2 that is tolerated", warning.Message);
    }

    [Fact]
    public async Task RunAsync_MoreThanTheShareInALaterBatch_KeepsWhatTheEarlierOnesMade()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await PutAsync(lake, "a", Payment(1, -1), Payment(2, 1));
        Assert.Empty((await RunAsync(lake, Quarantining("fail: 0.5"))).Failures);
        await PutAsync(lake, "b", Payment(3, -1), Payment(4, -1), Payment(5, 1));
        Assert.Single((await RunAsync(lake, Quarantining("fail: 0.5"))).Failures);
        Assert.Equal("1 | 1", await CountsAsync(lake, folder));

        // The batch is judged for itself, all records together are judged as such.
        await PutAsync(lake, "c", Payment(6, 1));
        Assert.Single((await RunAsync(lake, Quarantining("fail: 0.5"))).Failures);
        Assert.Empty((await RunAsync(lake, Quarantining("fail: 0.5"), full: true)).Failures);
        Assert.Equal("3 | 3", await CountsAsync(lake, folder));
    }

    [Fact]
    public async Task RunAsync_RecordThatBreaksSeveralExpectations_CountsForEach()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await PutAsync(lake, "a", Payment(1, -1), Payment(2, 1));
        string two = Quarantining("fail: 0.5}\n  - {name: amount is large, check: amount > 100, on_violation: quarantine, fail: 0.9");
        Assert.Contains("2 of 2 rows break 'amount is large'", Assert.Single((await RunAsync(lake, two)).Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("materialization: table")]
    [InlineData("materialization: incremental\nstrategy: merge")]
    [InlineData("materialization: incremental\nstrategy: replace_partitions\npartition_by: day\nevent_time: day")]
    public async Task RunAsync_RowsThatAreDropped_AreCountedAndMayFailTheModel(string materialization)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await OwnModel.PutPaymentsAsync(lake, "a", Enumerable.Range(1, 4).Select(n => (n, "Oak", $"2026-01-0{n}T00:00:00Z")));
        ModelException failure = await Assert.ThrowsAsync<ModelException>(() => OwnModel.RunAsync(lake, "gold.own", Dropping("fail: 0.2")));
        Assert.Contains($"1 of 4 rows break 'not the first' (n <> 1), such as {First}, more than the share of 0.2 at which it fails; the table stays as it was", failure.Message, StringComparison.Ordinal);

        ModelOutcome quiet = await OwnModel.RunAsync(lake, "gold.own", Dropping("fail: 0.25"));
        Assert.Equal((3, 1, false), (quiet.RowsOut, quiet.Violations["not the first"], quiet.FoundWanting));
        ModelOutcome found = await OwnModel.RunAsync(lake, "gold.own", Dropping("warn: 0.2"));
        Assert.Equal((3, 1, true), (found.RowsOut, found.Violations["not the first"], found.FoundWanting));
        Assert.Equal(["2", "3", "4"], await LakeQueries.QueryAsync(lake, folder.Path, "SELECT n FROM gold.own ORDER BY n", [new TableName("gold", "own")]));

        string Dropping(string threshold) => OwnModel.Text(
            $"key: [transaction_id]\nexpectations:\n  - {{name: not the first, check: n <> 1, on_violation: drop, {threshold}}}",
            ["transaction_id: [STRING NOT NULL, t]", "day: [DATE NOT NULL, d]", "n: [BIGINT, n]"],
            "SELECT transaction_id, to_date(timestamp) AS day, user_id AS n FROM ref('silver.transactions')").Replace("materialization: table", materialization, StringComparison.Ordinal);
    }

    private static string Payment(int number, int amount) =>
        $$"""{"transaction_id":"00000000-0000-0000-0000-{{number:d12}}","user_id":{{number}},"amount":{{amount}},"currency":"EUR","merchant":"Oak","timestamp":"2026-01-01T00:00:00Z","location":"Paris, FR"}""";

    private static ValueTask PutAsync(Lake lake, string file, params IEnumerable<string> records) =>
        lake.Store.PutAsync($"raw/transaction/{file}.json", Encoding.UTF8.GetBytes(string.Join('\n', records) + "\n"), TestContext.Current.CancellationToken);

    private static string Quarantining(string thresholds) =>
        $"/*\ndescription: Payments.\nmaterialization: incremental\nstrategy: append\nexpectations:\n  - {{name: amount is not negative, check: amount >= 0, on_violation: quarantine, {thresholds}}}\n*/\nSELECT * FROM source('bronze.transactions')\n";

    private static Task<PipelineReport> RunAsync(Lake lake, string text, bool full = false)
    {
        Model model = ModelFile.Parse(new TableName("silver", "transactions"), text);
        PipelineRequest request = new() { Catalog = ModelCatalog.BuiltIn.With([model]), Select = "silver.transactions", FullRefresh = full };
        return PipelineRun.RunAsync(lake, request, TimeProvider.System, null, TestContext.Current.CancellationToken);
    }

    // Rows of the table, and of quarantine.
    private static async Task<string> CountsAsync(Lake lake, TemporaryFolder folder) => Assert.Single(await LakeQueries.QueryAsync(
        lake, folder.Path, "SELECT (SELECT count(*) FROM silver.transactions) AS r, (SELECT count(*) FROM silver.quarantine) AS q", [new TableName("silver", "transactions"), new TableName("silver", "quarantine")]));
}
