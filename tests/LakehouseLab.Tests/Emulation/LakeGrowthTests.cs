using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation;

public sealed class LakeGrowthTests
{
    private static readonly EmulatedWorld World = new(new WorldSettings { Users = 200 });
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_Repeated_MakesNothing()
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<DomainGrowthResult> first = await GrowAsync(folder, 9_000);
        Assert.All(first, domain => Assert.Equal((0, domain.Plan.Range.Rows), (domain.Plan.RowsThere, domain.MadeRows)));
        Assert.Equal(9_000, first.Single(domain => domain.Plan.Domain == BuiltIn.Transaction).MadeRows);
        Assert.All(first, domain => Assert.True(domain.MadeRows > 0));

        IReadOnlyList<DomainGrowthResult> second = await GrowAsync(folder, 9_000);
        Assert.All(second, domain => Assert.Equal(domain.Plan.Range.Rows, domain.Plan.RowsThere));
        Assert.All(second, domain => Assert.Empty(domain.Emulations));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4_096, 8_192)]
    [InlineData(5_000, 12_345)]
    public async Task RunAsync_MoreRowsThanBefore_AddsExactlyTheRest(long few, long many)
    {
        using TemporaryFolder grown = new();
        using TemporaryFolder whole = new();
        await GrowAsync(grown, few);
        await GrowAsync(grown, many);
        await GrowAsync(whole, many);
        Assert.Equal(await RecordsAsync(whole), await RecordsAsync(grown));
    }

    [Theory]
    [InlineData("transactions", 300, 1)]
    [InlineData("other", 1_000, 0)]
    public async Task PlanAsync_UnfinishedEmulationToATopic_IsContinuedWhereTheSameTopicIsAskedFor(string topic, long rowsThere, int requests)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        Guid emulation = new(1, 0, 0, new byte[8]);
        await new RangeClaims(lake, "transaction").ClaimAsync(new RangeClaim(emulation, 0, 1_000), Token);
        Manifest manifest = new(
            emulation, World.Settings, "transaction", "json", "none", true, SyncSystem.Kafka, [new ManifestRange(0, 1_000)], EmulationState.Running, 300, 60_000, 0)
        { Location = topic, Rows = 1_000 };
        await new ManifestStore(lake.Store).PutAsync(manifest, Token);

        EmulationOptions options = new() { Destination = new Destination(SyncSystem.Kafka, null) };
        IReadOnlyList<DomainGrowth> plan = await new LakeGrowth(lake).PlanAsync(World, new RowSelection { Rows = 1_000 }, options, Token);
        DomainGrowth transactions = plan.Single(domain => domain.Domain == BuiltIn.Transaction);
        Assert.Equal((rowsThere, requests), (transactions.RowsThere, transactions.Requests.Count));
        Assert.All(transactions.Requests, request => Assert.Equal((emulation, 1_000), (request.Emulation, request.EndRow)));
    }

    [Fact]
    public async Task RunAsync_AfterAnInterruption_EndsWithTheSameRecords()
    {
        using TemporaryFolder whole = new();
        using TemporaryFolder interrupted = new();
        await GrowAsync(whole, 9_000);
        IReadOnlyList<string> expected = await RecordsAsync(whole);
        foreach (long reports in (long[])[1, 3, 4, 6])
        {
            using CancellationTokenSource cancel = new();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GrowAsync(interrupted, 9_000, new CancelAfter(reports, cancel), cancel.Token));
        }

        await GrowAsync(interrupted, 9_000);
        Assert.Equal(expected, await RecordsAsync(interrupted));
        Assert.All(await GrowAsync(interrupted, 9_000), domain => Assert.Empty(domain.Emulations));
    }

    [Fact]
    public async Task RunAsync_OtherEmulationsHaveSomeRows_MakesOnlyTheGaps()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder whole = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, World, 1_000, 500), lake, new EmulationControl(), Token);
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, World, 7_900, 300) { StopRow = 8_050 }, lake, new EmulationControl(), Token);

        IReadOnlyList<DomainGrowthResult> results = await GrowAsync(folder, 8_100);
        DomainGrowthResult transactions = results.Single(domain => domain.Plan.Domain == BuiltIn.Transaction);
        Assert.Equal(650, transactions.Plan.RowsThere);
        Assert.Equal([(0, 1_000), (1_500, 6_400), (7_900, 50)], transactions.Emulations.Select(emulation => (emulation.FirstRow, emulation.MadeRows)));
        await GrowAsync(whole, 8_100);
        Assert.Equal(await RecordsAsync(whole), await RecordsAsync(folder));

        // The continued emulation keeps the rest of its range until somebody asks for it.
        Assert.Contains(await new ManifestStore(lake.Store).ListAsync(Token), manifest => manifest is { State: EmulationState.Interrupted, FirstRow: 7_900, DeliveredRows: 200 });
        await GrowAsync(folder, 8_300);
        await GrowAsync(whole, 8_300);
        Assert.Equal(await RecordsAsync(whole), await RecordsAsync(folder));
    }

    [Fact]
    public async Task PlanAsync_ClaimWithoutManifest_IsContinuedAsTheSameEmulation()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        Guid emulation = new("11111111-2222-8333-8444-555555555555");
        await new RangeClaims(lake, "transaction").ClaimAsync(new RangeClaim(emulation, 0, 100), Token);
        IReadOnlyList<DomainGrowth> plan = await new LakeGrowth(lake).PlanAsync(World, new RowSelection { Rows = 100 }, new EmulationOptions(), Token);
        EmulationRequest request = Assert.Single(plan.Single(domain => domain.Domain == BuiltIn.Transaction).Requests);
        Assert.Equal(emulation, request.Emulation);
    }

    [Fact]
    public async Task RunAsync_Progress_EndsWithAllRowsOfEveryDomain()
    {
        using TemporaryFolder folder = new();
        await GrowAsync(folder, 1_000);
        Recorder progress = new();
        IReadOnlyList<DomainGrowthResult> results = await GrowAsync(folder, 6_000, progress, Token);
        foreach (DomainGrowthResult domain in results)
        {
            EmulationProgress last = progress.Reports.Last(report => report.Schema == domain.Plan.Domain.Schema);
            Assert.Equal((last.TotalRows, domain.MadeRows, domain.MadeBytes), (last.Rows, last.MadeRows, last.Bytes));
        }
    }

    private static Task<IReadOnlyList<DomainGrowthResult>> GrowAsync(TemporaryFolder folder, long rows) => GrowAsync(folder, rows, null, Token);

    private static async Task<IReadOnlyList<DomainGrowthResult>> GrowAsync(
        TemporaryFolder folder, long rows, IProgress<EmulationProgress>? progress, CancellationToken cancellationToken)
    {
        LakeGrowth growth = new(await Lake.OpenAsync(folder.Path, Token));
        IReadOnlyList<DomainGrowth> plan = await growth.PlanAsync(
            World, new RowSelection { Rows = rows }, new EmulationOptions { MaxChunkSize = 200_000 }, cancellationToken);
        return await growth.RunAsync(plan, progress, cancellationToken);
    }

    /// <summary>All records of a lake, sorted: how they are spread over emulations and chunks does not matter.</summary>
    private static async Task<IReadOnlyList<string>> RecordsAsync(TemporaryFolder folder)
    {
        List<string> lines = [];
        foreach (Domain schema in Domain.All)
        {
            foreach (string file in Directory.EnumerateFiles(folder.Combine($"raw/{schema.Name}"), "*", SearchOption.AllDirectories))
            {
                lines.AddRange(await File.ReadAllLinesAsync(file, Token));
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private sealed class Recorder : IProgress<EmulationProgress>
    {
        public List<EmulationProgress> Reports { get; } = [];

        public void Report(EmulationProgress value) => Reports.Add(value);
    }

    private sealed class CancelAfter(long reports, CancellationTokenSource cancel) : IProgress<EmulationProgress>
    {
        private long _reports;

        public void Report(EmulationProgress value)
        {
            if (++_reports == reports)
            {
                cancel.Cancel();
            }
        }
    }
}
