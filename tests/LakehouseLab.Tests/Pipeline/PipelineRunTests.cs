using System.Text;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Pipeline;

public sealed class PipelineRunTests
{
    // Few people who pay often: some thousand rows then reach over months, as increments must.
    private static readonly WorldSettings s_settings = new() { Users = 100, PaymentsPerMonth = 20 };
    private static readonly EmulatedWorld s_world = new(s_settings);

    [Fact]
    public async Task RunAsync_Repeated_FindsNothingNew()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await EmulateAsync(lake, 0, 3000);
        await RunAsync(lake);
        PipelineReport again = await RunAsync(lake);
        Assert.All(again.Models, model => Assert.Equal(ModelState.UpToDate, model.State));
        Assert.All(again.Bronze, bronze => Assert.Equal(0, bronze.Records));
    }

    [Fact]
    public async Task RunAsync_Increments_EqualFullRefresh()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        string late = "";
        foreach ((long first, long rows) in new[] { (0L, 2000L), (2000L, 1500L), (3500L, 700L), (4200L, 1L) })
        {
            await EmulateAsync(lake, first, rows);

            // Records of the run before come once more, and one of them altered: duplicates and conflicts in every increment.
            await lake.Store.PutAsync($"raw/transaction/again-{first}.json", Encoding.UTF8.GetBytes(late), TestContext.Current.CancellationToken);
            PipelineReport report = await RunAsync(lake);
            Assert.All(report.Models, model => Assert.True(model.RowsIn == 0 || model.RowsIn == model.RowsOut + model.Quarantined + model.Duplicates, model.Table));
            late = await FirstLinesAsync(lake);
        }

        string incremental = await LakeQueries.DumpAsync(lake, folder.Path);
        Assert.Contains("conflict with an earlier record", incremental, StringComparison.Ordinal);
        PipelineReport full = await RunAsync(lake, new PipelineRequest { FullRefresh = true, Threads = 2 });
        Assert.All(full.Models, model => Assert.Equal(ModelState.Updated, model.State));
        Assert.Equal(incremental, await LakeQueries.DumpAsync(lake, folder.Path));
    }

    [Fact]
    public async Task RunAsync_SameRowsInAnyFormat_SameTables()
    {
        List<string> dumps = [];
        foreach (string extension in (string[])["json", "csv.zst", "json.gz", "parquet"])
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
            foreach (Domain domain in Domain.All)
            {
                EmulationRequest request = new(domain, s_world, 0, 1_500) { Format = ChunkFormat.OfRaw($"x.{extension}"), MaxChunkSize = 100_000 };
                await Emulator.RunAsync(request, lake, new EmulationControl(), TestContext.Current.CancellationToken);
            }

            await RunAsync(lake);
            dumps.Add(await LakeQueries.DumpAsync(lake, folder.Path, withSources: false));
        }

        Assert.Contains("== silver.transactions", dumps[0], StringComparison.Ordinal);
        Assert.All(dumps, dump => Assert.Equal(dumps[0], dump));
    }

    [Fact]
    public async Task RunAsync_KilledAtAnyWrite_IsCompletedByTheNextRun()
    {
        using TemporaryFolder whole = new();
        Lake reference = await Lake.OpenAsync(whole.Path, TestContext.Current.CancellationToken);
        await PrepareAsync(reference);
        FailingStore counting = null!;
        await RunAsync(reference.Through(store => counting = new FailingStore(store, int.MaxValue)));
        string expected = await LakeQueries.DumpAsync(reference, whole.Path);

        for (int death = 0; death < counting.Writes; death += 3)
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
            await PrepareAsync(lake);
            int writes = death;
            await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(lake.Through(store => new FailingStore(store, writes))));
            PipelineReport next = await RunAsync(lake);
            Assert.DoesNotContain(next.Models, model => model.State is ModelState.Failed or ModelState.Skipped);
            Assert.Equal(expected, await LakeQueries.DumpAsync(lake, folder.Path));
        }
    }

    [Theory]
    [InlineData("silver/transactions")]
    [InlineData("silver/quarantine")]
    [InlineData("bronze/transactions")]
    [InlineData("gold/daily_spend")]
    [InlineData("_lakelab/index/silver.transactions")]
    public async Task RunAsync_FolderLost_IsMadeAgain(string lost)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        for (int run = 0; run < 3; run++)
        {
            await EmulateAsync(lake, run * 200, 200);
            await lake.Store.PutAsync($"raw/transaction/again-{run}.json", Encoding.UTF8.GetBytes(await FirstLinesAsync(lake)), TestContext.Current.CancellationToken);
            await RunAsync(lake);
        }

        string before = await LakeQueries.DumpAsync(lake, folder.Path);
        Directory.Delete(folder.Combine(lost), recursive: true);
        PipelineReport report = await RunAsync(lake);
        Assert.Empty(report.Failures);
        Assert.Equal(before, await LakeQueries.DumpAsync(lake, folder.Path));
    }

    [Fact]
    public async Task RunAsync_KeyIndexDamaged_StillFindsDuplicates()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await EmulateAsync(lake, 0, 200, "transaction");
        await RunAsync(lake);
        foreach (string file in Directory.EnumerateFiles(folder.Combine("_lakelab/index"), "*.keys", SearchOption.AllDirectories))
        {
            await File.WriteAllBytesAsync(file, [], TestContext.Current.CancellationToken);
        }

        await lake.Store.PutAsync("raw/transaction/again.json", Encoding.UTF8.GetBytes(await FirstLinesAsync(lake)), TestContext.Current.CancellationToken);
        PipelineReport report = await RunAsync(lake);
        ModelOutcome silver = report.Models.Single(model => model.Table == "silver.transactions");
        Assert.Equal((6, 0, 5, 1), (silver.RowsIn, silver.RowsOut, silver.Duplicates, silver.Quarantined));
    }

    [Fact]
    public async Task RunAsync_DamagedTable_FailsWithWhatDependsOnItAlone()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await EmulateAsync(lake, 0, 200);
        await RunAsync(lake);
        await File.WriteAllTextAsync(folder.Combine("silver/device_logs/_delta_log/00000000000000000001.json"), "{", TestContext.Current.CancellationToken);
        await EmulateAsync(lake, 200, 100);
        PipelineReport report = await RunAsync(lake);
        Assert.Contains("00000000000000000001.json", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.Equal(
            ["gold.device_activity", "gold.customer_360"], report.Models.Where(model => model.State == ModelState.Skipped).Select(model => model.Table));
        Assert.Equal(ModelState.Updated, report.Models.Single(model => model.Table == "gold.daily_spend").State);
        Assert.Single(await new RunHistory(lake).ReadAsync(1, TestContext.Current.CancellationToken), run => run.Failures.Count == 1);
    }

    [Fact]
    public async Task RunAsync_Selection_RunsItAlone()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await EmulateAsync(lake, 0, 500);
        PipelineReport report = await RunAsync(lake, new PipelineRequest { Select = "silver.transactions" });
        Assert.Equal(["silver.transactions"], report.Models.Select(model => model.Table));
        Assert.Equal(["bronze.transactions"], report.Bronze.Select(bronze => bronze.Table));
    }

    [Fact]
    public async Task PlanAsync_NewObjects_TellsWhatWouldRun()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await EmulateAsync(lake, 0, 500);
        await RunAsync(lake);
        await EmulateAsync(lake, 500, 10, "transaction");
        PipelinePlan plan = await PipelineRun.PlanAsync(lake, new PipelineRequest(), TestContext.Current.CancellationToken);
        Assert.Equal(1, plan.Bronze.Single(bronze => bronze.Table == "bronze.transactions").NewObjects);
        Assert.Equal(
            ["silver.transactions", "silver.transactions_daily", "gold.daily_spend", "gold.customer_360", "gold.fraud_features", "gold.merchant_performance"],
            plan.Models.Where(model => model.Runs).Select(model => model.Table));
    }

    private static async Task PrepareAsync(Lake lake)
    {
        await EmulateAsync(lake, 0, 300);
        string lines = await FirstLinesAsync(lake);
        await lake.Store.PutAsync("raw/transaction/again.json", Encoding.UTF8.GetBytes(lines + "garbage\n"), TestContext.Current.CancellationToken);
    }

    private static async Task<string> FirstLinesAsync(Lake lake)
    {
        await foreach (ObjectInfo item in lake.Store.ListAsync("raw/transaction/", TestContext.Current.CancellationToken))
        {
            byte[]? bytes = await lake.Store.ReadAsync(item.Key, TestContext.Current.CancellationToken);
            string[] lines = Encoding.UTF8.GetString(bytes!).Split('\n');
            if (lines.Length <= 5)
            {
                continue;
            }

            return string.Join('\n', lines[..5]) + "\n" + lines[1].Replace("\"amount\":", "\"amount\":1", StringComparison.Ordinal) + "\n";
        }

        return "";
    }

    private static async Task EmulateAsync(Lake lake, long first, long rows, string? only = null)
    {
        foreach (Domain schema in Domain.All.Where(schema => only is null || schema.Name == only))
        {
            await Emulator.RunAsync(new EmulationRequest(schema, s_world, first, rows) { MaxChunkSize = 100_000 }, lake, new EmulationControl(), TestContext.Current.CancellationToken);
        }
    }

    private static Task<PipelineReport> RunAsync(Lake lake, PipelineRequest? request = null) =>
        PipelineRun.RunAsync(lake, request ?? new PipelineRequest { MemoryLimit = 1L << 30 }, TimeProvider.System, null, TestContext.Current.CancellationToken);
}
