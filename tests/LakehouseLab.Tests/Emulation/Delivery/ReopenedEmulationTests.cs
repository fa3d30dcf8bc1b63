using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation.Delivery;

/// <summary>Emulations that were cancelled and go on.</summary>
public sealed class ReopenedEmulationTests
{
    private const long Rows = 60_000;

    private static readonly EmulatedWorld s_world = new(new WorldSettings());
    private static readonly Domain s_domain = BuiltIn.Transaction;
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;
    private static readonly Guid s_id = new("8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f");
    private static readonly EmulationRequest s_request = new(s_domain, s_world, 0, Rows, new EmulationOptions { MaxChunkSize = 1_000_000 }) { Emulation = s_id };

    [Fact]
    public async Task ReopenAsync_CancelledTwice_HasTheRecordsOfOneThatWasNot()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Combine("cancelled"), s_token);
        Lake whole = await Lake.OpenAsync(folder.Combine("whole"), s_token);
        await Emulator.RunAsync(s_request, whole, new EmulationControl(), s_token);
        foreach (long rows in new[] { 10_000, 30_000 })
        {
            Manifest cancelled = await CancelAsync(lake, s_request, rows);
            Assert.InRange(cancelled.DeliveredRows, rows, Rows - 1);
            Assert.Equal(new RowRange(cancelled.EndRow, Rows), await Emulator.FindRestAsync(s_id, lake, s_token));
            await AssertCleanAsync(lake);

            await Emulator.ReopenAsync(s_id, lake, s_token);
            await Emulator.ReopenAsync(s_id, lake, s_token);

            Assert.Equal((EmulationState.Interrupted, Rows), ((await ManifestAsync(lake)).State, (await ManifestAsync(lake)).EndRow));
            Assert.Equal(0, (await Emulator.FindRestAsync(s_id, lake, s_token))?.Rows);
            await AssertCleanAsync(lake);
        }

        await Emulator.RunAsync(s_request, lake, new EmulationControl(), s_token);

        Manifest ended = await ManifestAsync(lake);
        Assert.Equal((EmulationState.Completed, Rows), (ended.State, ended.DeliveredRows));
        Assert.Equal([new ManifestRange(0, Rows)], ended.Ranges);
        Assert.Equal(Rows, await new RangeClaims(lake, s_domain.Name).FindNextRowAsync(s_token));
        Assert.Equal(await RecordsAsync(whole), await RecordsAsync(lake));
        await AssertCleanAsync(lake);
    }

    [Fact]
    public async Task ReopenAsync_RowsTakenMeanwhile_IsRefusedAndNothingChanges()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        Manifest cancelled = await CancelAsync(lake, s_request, 10_000);
        Guid other = Guid.Parse("11111111-5c3a-4b1e-9f00-3a2b1c0d4e5f");
        await new RangeClaims(lake, s_domain.Name).ClaimAsync(new RangeClaim(other, Rows - 1, 1), s_token);

        RowsTakenException refusal = await Assert.ThrowsAsync<RowsTakenException>(() => Emulator.ReopenAsync(s_id, lake, s_token));

        Assert.Contains(other.ToString(), refusal.Message, StringComparison.Ordinal);
        Manifest now = await ManifestAsync(lake);
        Assert.Equal((EmulationState.Cancelled, cancelled.DeliveredRows, cancelled.EndRow), (now.State, now.DeliveredRows, now.EndRow));
        Assert.Equal(new RowRange(cancelled.EndRow, Rows), await Emulator.FindRestAsync(s_id, lake, s_token));
    }

    [Fact]
    public async Task ReopenAsync_KilledBeforeItsClaim_CanBeReopenedAgain()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        Manifest cancelled = await CancelAsync(lake, s_request, 10_000);
        await new ManifestStore(lake.Store).PutAsync(cancelled with { State = EmulationState.Interrupted }, s_token);

        await Emulator.ReopenAsync(s_id, lake, s_token);
        await Emulator.RunAsync(s_request, lake, new EmulationControl(), s_token);

        Assert.Equal((EmulationState.Completed, Rows), ((await ManifestAsync(lake)).State, (await ManifestAsync(lake)).DeliveredRows));
        await AssertCleanAsync(lake);
    }

    [Fact]
    public async Task ReopenAsync_NothingDelivered_LetsItBeginAnew()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        using CancellationTokenSource cancellation = new();
        await cancellation.CancelAsync();
        await Emulator.RunAsync(s_request, lake, new EmulationControl { Cancellation = cancellation.Token }, s_token);
        Assert.Equal((EmulationState.Cancelled, 0), ((await ManifestAsync(lake)).State, (await ManifestAsync(lake)).DeliveredRows));
        Assert.Null(await Emulator.FindRestAsync(s_id, lake, s_token));

        await Emulator.ReopenAsync(s_id, lake, s_token);

        Assert.Empty(await new ManifestStore(lake.Store).ListAsync(s_token));
        await Emulator.RunAsync(s_request, lake, new EmulationControl(), s_token);
        Assert.Equal((EmulationState.Completed, Rows), ((await ManifestAsync(lake)).State, (await ManifestAsync(lake)).DeliveredRows));
        await AssertCleanAsync(lake);
    }

    [Fact]
    public async Task ReopenAsync_WithoutANumberOfRows_GoesOnWithTheNextOnes()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationRequest open = new(s_domain, s_world, 0, null, new EmulationOptions { MaxChunkSize = 1_000_000 }) { Emulation = s_id };
        Manifest cancelled = await CancelAsync(lake, open, 10_000);
        await Emulator.RunAsync(new EmulationRequest(s_domain, s_world, cancelled.EndRow, 500, new EmulationOptions()), lake, new EmulationControl(), s_token);

        await Emulator.ReopenAsync(s_id, lake, s_token);
        Manifest ended = await CancelAsync(lake, open, 10_000);

        Assert.Equal([cancelled.FirstRow, cancelled.EndRow + 500], ended.Ranges.Select(range => range.FirstRow));
        Assert.True(ended.DeliveredRows > cancelled.DeliveredRows, "nothing was added");
        await AssertCleanAsync(lake);
    }

    private static async Task<Manifest> CancelAsync(Lake lake, EmulationRequest request, long atRows)
    {
        using CancellationTokenSource cancellation = new();
        Observer observer = new(progress => { if (progress.MadeRows >= atRows) { cancellation.Cancel(); } });
        await Emulator.RunAsync(request, lake, new EmulationControl { Cancellation = cancellation.Token, Progress = observer }, s_token);
        return await ManifestAsync(lake);
    }

    private static async Task<Manifest> ManifestAsync(Lake lake) => (await new ManifestStore(lake.Store).FindAsync(s_id, s_token))!;

    private static async Task<string> RecordsAsync(Lake lake)
    {
        IReadOnlyList<ChunkInfo> chunks = await new ManifestStore(lake.Store).ListChunksAsync(await ManifestAsync(lake), s_token);
        return string.Concat(await Task.WhenAll(chunks.Select(chunk => File.ReadAllTextAsync(Path.Combine(lake.Location, chunk.Key), s_token))));
    }

    private static async Task AssertCleanAsync(Lake lake)
    {
        AuditReport report = await LakeAudit.RunAsync(lake, new AuditRequest(BuiltInTables.All), null, s_token);
        Assert.True(report.IsClean, string.Join('\n', report.Findings.Select(finding => finding.Text)));
    }

    private sealed class Observer(Action<EmulationProgress> observe) : IProgress<EmulationProgress>
    {
        public void Report(EmulationProgress value) => observe(value);
    }
}
