using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation.Delivery;

/// <summary>Emulations without a number of rows: they go on until their time is over or somebody ends them.</summary>
public sealed class OpenEmulationTests
{
    private static readonly EmulatedWorld s_world = new(new WorldSettings());
    private static readonly Domain s_domain = BuiltIn.Transaction;
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_Duration_EndsInTimeAndGivesTheRestBack()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationRequest request = new(s_domain, s_world, 0, null, Paced("1000/s") with { Duration = TimeSpan.FromSeconds(25) });
        EmulationResult result = await Emulator.RunAsync(request, lake, new EmulationControl { Clock = new VirtualClock() }, s_token);
        Assert.Equal(25_000, result.Rows);
        Assert.Equal(result.Rows, result.MadeRows);

        Manifest manifest = Assert.Single(await new ManifestStore(lake.Store).ListAsync(s_token));
        Assert.Equal((EmulationState.Completed, result.Rows, 3), (manifest.State, manifest.DeliveredRows, manifest.Chunks));
        Assert.Equal([new ManifestRange(0, result.Rows)], manifest.Ranges);
        Assert.Equal(result.Rows, await new RangeClaims(lake, s_domain.Name).FindNextRowAsync(s_token));
        await AssertCleanAsync(lake, result.Rows);

        EmulationResult again = await Emulator.RunAsync(request, lake, new EmulationControl { Clock = new VirtualClock() }, s_token);
        Assert.Equal((0, result.Rows), (again.MadeRows, again.Rows));
    }

    [Fact]
    public async Task RunAsync_NoTimeLeft_MakesNothing()
    {
        using TemporaryFolder folder = new();
        EmulationRequest request = new(s_domain, s_world, 0, 1_000, Paced("2000/s") with { Duration = TimeSpan.Zero });
        EmulationResult result = await Emulator.RunAsync(request, await Lake.OpenAsync(folder.Path, s_token), new EmulationControl { Clock = new VirtualClock() }, s_token);
        Assert.Equal((0, TimeSpan.Zero), (result.MadeRows, result.Time));
    }

    [Fact]
    public async Task RunAsync_Completion_EndsAtAChunksEdge()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        using CancellationTokenSource completion = new();
        EmulationRequest request = new(s_domain, s_world, 0, 1_000_000, new EmulationOptions { MaxChunkSize = 100_000 });
        EmulationControl control = new() { Completion = completion.Token, Progress = new Observer(progress => { if (progress.MadeRows >= 10_000) { completion.Cancel(); } }) };
        EmulationResult result = await Emulator.RunAsync(request, lake, control, s_token);
        Assert.InRange(result.Rows, 10_000, 30_000);
        await AssertCleanAsync(lake, result.Rows);

        EmulationResult rest = await Emulator.RunAsync(new EmulationRequest(s_domain, s_world, result.Rows, 5_000), lake, new EmulationControl(), s_token);
        Assert.Equal(5_000, rest.MadeRows);
        await AssertCleanAsync(lake, result.Rows + 5_000);
    }

    [Fact]
    public async Task RunAsync_TwoWithoutEnd_ShareTheRowsPieceByPiece()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        Guid first = new("11111111-1111-4111-8111-111111111111");
        Guid second = new("22222222-2222-4222-8222-222222222222");
        EmulationOptions options = Paced("5000/s");
        EmulationRequest one = new(s_domain, s_world, 0, null, options) { Emulation = first };
        using (CancellationTokenSource interrupt = new())
        {
            EmulationControl control = new() { Clock = new VirtualClock(), Progress = new Observer(progress => { if (progress.MadeRows >= 20_000) { interrupt.Cancel(); } }) };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Emulator.RunAsync(one, lake, control, interrupt.Token));
        }

        EmulationRequest other = new(s_domain, s_world, await Emulator.FindNextRowAsync(lake, s_world, s_domain, s_token), 1_000, options) { Emulation = second };
        Assert.Equal(65_536, other.FirstRow);
        await Emulator.RunAsync(other, lake, new EmulationControl { Clock = new VirtualClock() }, s_token);

        EmulationResult result = await Emulator.RunAsync(one with { Duration = TimeSpan.FromSeconds(15) }, lake, new EmulationControl { Clock = new VirtualClock() }, s_token);
        Manifest manifest = (await new ManifestStore(lake.Store).FindAsync(first, s_token))!;
        Assert.Equal([0, 66_536], manifest.Ranges.Select(range => range.FirstRow));
        Assert.Equal(65_536, manifest.Ranges[0].Rows);
        Assert.Equal(result.Rows, manifest.Ranges.Sum(range => range.Rows));
        Assert.Equal((EmulationState.Completed, result.Rows), (manifest.State, manifest.DeliveredRows));
        await AssertCleanAsync(lake, result.Rows + 1_000);
    }

    [Theory]
    [InlineData(SyncType.Single, 25)]
    [InlineData(SyncType.Grouped, 1)]
    public async Task RunAsync_SyncType_PutsRecordsTogether(SyncType syncType, int chunks)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationRequest request = new(s_domain, s_world, 10, 25, new EmulationOptions { SyncType = syncType, MaxChunkSize = 1 });
        await Emulator.RunAsync(request, lake, new EmulationControl { Clock = new VirtualClock() }, s_token);
        Assert.Equal(chunks, Assert.Single(await new ManifestStore(lake.Store).ListAsync(s_token)).Chunks);
        await AssertCleanAsync(lake, 25);
    }

    private static EmulationOptions Paced(string pace) => new() { Pace = Pace.Parse(pace) };

    private static async Task AssertCleanAsync(Lake lake, long rows)
    {
        AuditReport report = await LakeAudit.RunAsync(lake, new AuditRequest(BuiltInTables.All), null, s_token);
        Assert.True(report.IsClean);
        Assert.Equal(rows, report.Tables.Where(table => table.Layer == AuditLayer.Raw).Sum(table => table.Counts.Found));
    }

    private sealed class Observer(Action<EmulationProgress> observe) : IProgress<EmulationProgress>
    {
        public void Report(EmulationProgress value) => observe(value);
    }
}
