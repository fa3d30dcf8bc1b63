using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation.Delivery;

/// <summary>Machines that share a lake and no locks: put-if-absent alone decides between them.</summary>
public sealed class TwoMachinesTests
{
    private static readonly EmulatedWorld s_world = new(new WorldSettings { Users = 300 });
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_TheSameEmulationOnTwoMachinesAtOnce_IsDeliveredOnceAndBothEndWell()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationRequest request = new(BuiltIn.Transaction, s_world, 0, 6_000) { MaxChunkSize = 100_000 };
        EmulationResult[] results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            () => Emulator.RunAsync(request, lake.Through(static store => new UnlockedStore(store)), new EmulationControl { Clock = new VirtualClock() }, s_token))));

        Assert.All(results, result => Assert.Equal((results[0].Emulation, 6_000), (result.Emulation, result.Rows)));
        ManifestStore manifests = new(lake.Store);
        Manifest manifest = Assert.Single(await manifests.ListAsync(s_token));
        Assert.Equal((EmulationState.Completed, 6_000), (manifest.State, manifest.DeliveredRows));
        Assert.Single(await new RangeClaims(lake, "transaction").ReadAsync(s_token));
        AuditReport audit = await LakeAudit.RunAsync(lake, new AuditRequest(BuiltInTables.All), null, s_token);
        Assert.True(audit.IsClean);
    }

    /// <summary>A store as a machine of its own sees it: locks of others mean nothing.</summary>
    private sealed class UnlockedStore(IObjectStore inner) : DelegatingStore(inner)
    {
        public override IDisposable? TryLock(string key) => new MemoryStream();

        public override IDisposable? TryShareLock(string key) => new MemoryStream();
    }
}
