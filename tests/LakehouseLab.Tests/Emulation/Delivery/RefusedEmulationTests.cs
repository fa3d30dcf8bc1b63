using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;
using LakehouseLab.World.Time;

namespace LakehouseLab.Tests.Emulation.Delivery;

/// <summary>What is refused, or fails before its first row, leaves nothing behind.</summary>
public sealed class RefusedEmulationTests
{
    private const long AfterTheWorld = 1_000_000_000_000_000;

    private static readonly EmulatedWorld s_world = new(new WorldSettings());
    private static readonly Domain s_domain = BuiltIn.Transaction;
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    public static TheoryData<long, long?> RowsAfterTheWorld => new() { { AfterTheWorld, 10 }, { 0, AfterTheWorld }, { AfterTheWorld, null } };

    [Theory]
    [MemberData(nameof(RowsAfterTheWorld))]
    public async Task RunAsync_RowsThatTheWorldDoesNotHave_LeavesNothing(long firstRow, long? rows)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await Assert.ThrowsAsync<WorldEndException>(() => RunAsync(lake, new EmulationRequest(s_domain, s_world, firstRow, rows)));
        Assert.Empty(await KeysAsync(lake));
        Assert.Equal(0, await Emulator.FindNextRowAsync(lake, s_world, s_domain, s_token));
    }

    [Fact]
    public async Task RunAsync_RowsThatAnotherEmulationHas_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await RunAsync(lake, new EmulationRequest(s_domain, s_world, 0, 100));
        IReadOnlyList<string> before = await KeysAsync(lake);
        await Assert.ThrowsAsync<RowsTakenException>(() => RunAsync(lake, new EmulationRequest(s_domain, s_world, 50, 100)));
        Assert.Equal(before, await KeysAsync(lake));
    }

    [Fact]
    public async Task RunAsync_RowsTakenBetweenLookAndClaim_LeavesNothingButTheWorld()
    {
        using TemporaryFolder folder = new();
        Guid winner = new("11111111-1111-4111-8111-111111111111");
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        InterruptedStore store = new(lake.Store, () => new RangeClaims(lake, s_domain.Name).ClaimAsync(new RangeClaim(winner, 0, 10), s_token));
        EmulationRequest request = new(s_domain, s_world, 0, 100);
        await Assert.ThrowsAsync<RowsTakenException>(() => new EmulationDelivery(request, EmulationId.Of(request, "lake"), store, lake, new EmulationControl()).RunAsync(s_token));
        Assert.Equal(["_lakelab/ranges/transaction/0.json", "_lakelab/world.json"], await KeysAsync(lake));
    }

    [Fact]
    public async Task RunAsync_BrokersNotNamed_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationRequest request = new(s_domain, s_world, 0, 100, new EmulationOptions { Destination = new Destination(SyncSystem.Kafka, null) });
        await Assert.ThrowsAsync<InvalidRequestException>(() => Emulator.RunAsync(request, lake, new EmulationControl { Variable = _ => null }, s_token));
        Assert.Empty(await KeysAsync(lake));
    }

    [Fact]
    public async Task RunAsync_NoBrokerAnswers_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationRequest request = new(s_domain, s_world, 0, 100, new EmulationOptions { Destination = new Destination(SyncSystem.Kafka, null) });
        await Assert.ThrowsAsync<BrokerException>(() => Emulator.RunAsync(request, lake, new EmulationControl { Variable = name => name == KafkaConnection.ServersVariable ? "127.0.0.1:1" : null }, s_token));
        Assert.Empty(await KeysAsync(lake));
    }

    [Fact]
    public async Task RunAsync_NewEmulation_WritesItsManifestBeforeItsClaim()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        IReadOnlyList<string> keys = [];
        EmulationRequest request = new(s_domain, s_world, 0, 100);
        Guid id = EmulationId.Of(request, "lake");
        InterruptedStore store = new(lake.Store, async () => keys = await KeysAsync(lake));
        await new EmulationDelivery(request, id, store, lake, new EmulationControl()).RunAsync(s_token);
        Assert.Equal(["_lakelab/world.json", LakeLayout.Manifest(id)], keys);
    }

    [Fact]
    public async Task RunAsync_KilledBetweenManifestAndClaim_GoesOn()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationRequest request = new(s_domain, s_world, 0, 100);
        InterruptedStore store = new(lake.Store, () => throw new StorageException("killed", new IOException("killed")));
        await Assert.ThrowsAsync<StorageException>(
            () => new EmulationDelivery(request, EmulationId.Of(request, "lake"), store, lake, new EmulationControl()).RunAsync(s_token));
        Assert.Equal(100, (await RunAsync(lake, request)).MadeRows);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindNextRowAsync_DeadClaim_IsClosedAtItsFirstRow(bool hasManifest)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationResult begun = await RunAsync(lake, new EmulationRequest(s_domain, s_world, 0, 100));
        ManifestStore manifests = new(lake.Store);
        RangeClaim dead = new(new Guid("22222222-2222-4222-8222-222222222222"), AfterTheWorld, 10);
        await new RangeClaims(lake, s_domain.Name).ClaimAsync(dead, s_token);
        if (hasManifest)
        {
            Manifest manifest = (await manifests.FindAsync(begun.Emulation, s_token))!;
            await manifests.PutAsync(
                manifest with { Id = dead.Emulation, State = EmulationState.Running, Ranges = [new ManifestRange(dead.FirstRow, 10)], Rows = 10, DeliveredRows = 0, Chunks = 0 }, s_token);
        }

        Assert.Equal(100, await Emulator.FindNextRowAsync(lake, s_world, s_domain, s_token));
        Assert.Equal(100, (await RunAsync(lake, new EmulationRequest(s_domain, s_world, 100, 100))).MadeRows);
        Assert.Contains($"{LakeLayout.ClaimsOf(s_domain.Name)}1.json", await KeysAsync(lake));
        Assert.Equal(hasManifest ? EmulationState.Cancelled : null, (await manifests.FindAsync(dead.Emulation, s_token))?.State);
    }

    private static Task<EmulationResult> RunAsync(Lake lake, EmulationRequest request) => Emulator.RunAsync(request, lake, new EmulationControl(), s_token);

    // Without the files of locks, which hold nothing.
    private static async Task<IReadOnlyList<string>> KeysAsync(Lake lake)
    {
        List<string> keys = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(string.Empty, s_token))
        {
            keys.Add(item.Key);
        }

        return [.. keys.Where(static key => !key.StartsWith(LakeLayout.Lock, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}
