using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Tests.Emulation;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Pipeline.Maintenance;

public sealed class TableVacuumTests
{
    private static readonly EmulatedWorld s_world = new(new WorldSettings { Users = 100, PaymentsPerMonth = 20 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_FilesOfAnUnfinishedBatch_AreKeptUntilItIsFinished()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, s_world, 0, 300), lake, new EmulationControl(), Token);
        await RunAsync(lake, "silver.transactions");
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(lake.Through(store => new FailingStore(store, 2)), "silver.transactions_daily"));
        await RunAsync(lake, "silver.transactions", full: true);

        // Years after, nothing but the batch needs what the refresh replaced.
        VirtualClock clock = new();
        TableVacuum vacuum = new(lake, ModelCatalog.BuiltIn, clock);
        TableName silver = TableName.TryParse("silver.transactions")!;
        Assert.Empty(await vacuum.RunAsync(silver, dryRun: false, Token));
        PipelinePlan plan = await PipelineRun.PlanAsync(lake, new PipelineRequest(), Token);
        Assert.Contains("it is run again", plan.Models.Single(model => model.Table == "silver.transactions_daily").Reason, StringComparison.Ordinal);
        Assert.Empty((await RunAsync(lake, "silver.transactions_daily")).Failures);
        Assert.Single(await vacuum.RunAsync(silver, dryRun: false, Token));
    }

    private static Task<PipelineReport> RunAsync(Lake lake, string select, bool full = false) =>
        PipelineRun.RunAsync(lake, new PipelineRequest { Select = select, FullRefresh = full, MemoryLimit = 1L << 30 }, TimeProvider.System, null, Token);
}
