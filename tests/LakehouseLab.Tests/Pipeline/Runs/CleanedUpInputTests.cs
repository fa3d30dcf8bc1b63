using LakehouseLab.Delta;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Pipeline.Runs;

/// <summary>A model whose inputs were cleaned up behind its back is recomputed by itself, and the plan says so.</summary>
public sealed class CleanedUpInputTests
{
    private static readonly EmulatedWorld s_world = new(new WorldSettings { Users = 100, PaymentsPerMonth = 20 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("silver.transactions", "bronze/transactions", null)]
    [InlineData("silver.transactions_daily", "silver/transactions", "silver.transactions")]
    [InlineData("gold.daily_spend", "silver/transactions_daily", "+silver.transactions_daily")]
    public async Task RunAsync_LogOfAnInputCleanedUp_MakesTheModelAgain(string model, string input, string? upTo)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await GrowAsync(lake, 0, 600);
        await RunAsync(lake);
        await GrowAsync(lake, 600, 200);
        Task behind = upTo is null ? IngestAsync(lake) : RunAsync(lake, upTo);
        await behind;
        await ForgetAsync(lake, input);

        PipelinePlan plan = await PipelineRun.PlanAsync(lake, new PipelineRequest(), Token);
        ModelPlan planned = plan.Models.Single(planned => planned.Table == model);
        Assert.True(planned.Runs && planned.Full, planned.Reason);
        Assert.Contains($"what {input.Replace('/', '.')} had after version", planned.Reason, StringComparison.Ordinal);
        Assert.Contains("was cleaned up", planned.Reason, StringComparison.Ordinal);

        PipelineReport report = await RunAsync(lake);
        Assert.Empty(report.Failures);
        await AssertEqualsFullRefreshAsync(lake, folder.Path);
    }

    [Fact]
    public async Task RunAsync_FilesOfAnUnfinishedBatchGone_MakesTheModelAgain()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await GrowAsync(lake, 0, 300);
        await RunAsync(lake, "silver.transactions");

        // The batch is recorded, and the run dies before its commit.
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(lake.Through(store => new FailingStore(store, 2)), "silver.transactions_daily"));
        Assert.Single(Directory.GetFiles(folder.Combine("_lakelab/progress/silver.transactions_daily")));
        await RunAsync(lake, "silver.transactions", full: true);
        DeltaTable silver = new(lake.Store, "silver/transactions");
        HashSet<string> kept = [.. (await silver.GetSnapshotAsync(Token)).Files.Select(file => Path.GetFileName(file.Path))];
        foreach (string file in Directory.GetFiles(folder.Combine("silver/transactions"), "*.parquet").Where(file => !kept.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }

        PipelineReport report = await RunAsync(lake);
        Assert.Empty(report.Failures);
        await AssertEqualsFullRefreshAsync(lake, folder.Path);
    }

    [Fact]
    public async Task RunAsync_SomeModelsFirst_LeavesALakeThatRunsOn()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.UserProfile, s_world, 0, 50), lake, new EmulationControl(), Token);
        await RunAsync(lake, "silver.user_profiles_history+");
        PipelineReport all = await RunAsync(lake);
        Assert.Empty(all.Failures);
        Assert.All(all.Models, model => Assert.NotEqual(ModelState.Skipped, model.State));
        await GrowAsync(lake, 0, 100);
        Assert.Empty((await RunAsync(lake)).Failures);
        await AssertEqualsFullRefreshAsync(lake, folder.Path);
    }

    // What Delta's clean-up leaves of a log: a checkpoint of the newest version and nothing before it.
    private static async Task ForgetAsync(Lake lake, string prefix)
    {
        DeltaTable table = new(lake.Store, prefix);
        for (long version = (await table.GetSnapshotAsync(Token)).Version; version % DeltaTransaction.CheckpointInterval != 0; version++)
        {
            await DeltaTransaction.Begin(table, await table.GetSnapshotAsync(Token), TimeProvider.System).CommitAsync("NOTHING", new Dictionary<string, string>(), Token);
        }

        long newest = (await table.GetSnapshotAsync(Token)).Version;
        for (long version = 0; version < newest; version++)
        {
            await lake.Store.DeleteAsync($"{prefix}/_delta_log/{version:D20}.json", Token);
            await lake.Store.DeleteAsync($"{prefix}/_delta_log/{version:D20}.checkpoint.parquet", Token);
        }
    }

    private static async Task AssertEqualsFullRefreshAsync(Lake lake, string folder)
    {
        string dump = await LakeQueries.DumpAsync(lake, folder);
        Assert.Empty((await RunAsync(lake, full: true)).Failures);
        Assert.Equal(dump, await LakeQueries.DumpAsync(lake, folder));
    }

    private static async Task GrowAsync(Lake lake, long first, long rows) =>
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, s_world, first, rows), lake, new EmulationControl(), Token);

    private static Task<BronzeResult> IngestAsync(Lake lake) =>
        BronzeIngestion.RunAsync(lake, BuiltIn.Transaction, BronzeSources.RawOnly, 1, TimeProvider.System, null, Token);

    private static Task<PipelineReport> RunAsync(Lake lake, string? select = null, bool full = false) =>
        PipelineRun.RunAsync(lake, new PipelineRequest { Select = select, FullRefresh = full, MemoryLimit = 1L << 30 }, TimeProvider.System, null, Token);
}
