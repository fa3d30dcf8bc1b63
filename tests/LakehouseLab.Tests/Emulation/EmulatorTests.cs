using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation;

public sealed class EmulatorTests
{
    private static readonly EmulatedWorld World = new(new WorldSettings());
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<string> Domains => [.. Domain.All.Select(schema => schema.Name)];

    [Theory]
    [MemberData(nameof(Domains))]
    public async Task RunAsync_AnyThreadsAndShards_SameBytes(string domain)
    {
        byte[] whole = await StreamAsync(domain, 0, 30_000, threads: 1);
        Assert.Equal(whole, await StreamAsync(domain, 0, 30_000, threads: 2));
        Assert.Equal(whole, await StreamAsync(domain, 0, 30_000, threads: 5));
        byte[] parts = [.. await StreamAsync(domain, 0, 1, 1), .. await StreamAsync(domain, 1, 9_999, 2), .. await StreamAsync(domain, 10_000, 20_000, 1)];
        Assert.Equal(whole, parts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(300_000)]
    [InlineData(64L << 20)]
    public async Task RunAsync_AnyChunkSize_ChunksConcatenateToTheStream(long chunkSize)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        int rows = chunkSize == 1 ? 50 : 5_000;
        EmulationRequest request = new(BuiltIn.Transaction, World, 100, rows) { MaxChunkSize = chunkSize };
        EmulationResult result = await Emulator.RunAsync(request, lake, new EmulationControl(), Token);

        Assert.Equal(rows, result.MadeRows);
        Assert.Equal(await StreamAsync("transaction", 100, rows, 1), await ReadAsync(lake, result.Emulation, chunkSize));
    }

    [Fact]
    public async Task RunAsync_Repeated_MakesNothing()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 2_000);
        EmulationResult first = await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
        EmulationResult second = await Emulator.RunAsync(request with { Threads = 2, MaxChunkSize = 1_000 }, lake, new EmulationControl(), Token);
        Assert.Equal(first.Emulation, second.Emulation);
        Assert.Equal(0, second.MadeRows);
    }

    [Fact]
    public async Task RunAsync_WhileRowsWaitToBeDelivered_TellsOfDeliveredOnesAlone()
    {
        using TemporaryFolder folder = new();
        Told told = new();
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 20_000);

        await Emulator.RunAsync(request, await Lake.OpenAsync(folder.Path, Token), new EmulationControl { Progress = told }, Token);

        Assert.Contains(told.Values, value => value.MadeRows > 0 && value.DeliveredRows == 0);
        Assert.All(told.Values, value => Assert.Equal(value.DeliveredRows > 0, value.EventTime is not null));
        Assert.Equal(20_000, told.Values[^1].DeliveredRows);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task RunAsync_AfterAKill_ContinuesWhereTheDataEnds(int chunksKept)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        EmulationRequest request = new(BuiltIn.DeviceLog, World, 0, 20_000) { MaxChunkSize = 1 << 20 };
        EmulationResult whole = await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
        byte[] expected = await ReadAsync(lake, whole.Emulation, 1 << 20);

        // As a killed writer leaves it: the manifest says running, the last chunk that is there has no part yet.
        ManifestStore manifests = new(lake.Store);
        Manifest manifest = (await manifests.FindAsync(whole.Emulation, Token))!;
        IReadOnlyList<ChunkInfo> chunks = await manifests.ListChunksAsync(manifest, Token);
        foreach (ChunkInfo chunk in chunks.Skip(chunksKept))
        {
            await lake.Store.DeleteAsync(chunk.Key, Token);
        }

        for (int part = Math.Max(0, chunksKept - 1); part < chunks.Count; part++)
        {
            await lake.Store.DeleteAsync(LakeLayout.ManifestPart(whole.Emulation, part), Token);
        }

        EmulationResult rest = await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
        Assert.Equal(whole.Rows - chunks.Take(chunksKept).Sum(chunk => chunk.Rows), rest.MadeRows);
        Assert.Equal(expected, await ReadAsync(lake, whole.Emulation, 1 << 20));
        Assert.Equal(chunks, await manifests.ListChunksAsync(manifest, Token));
    }

    [Fact]
    public async Task RunAsync_OverlappingRange_NamesTheEmulationThatHasIt()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        EmulationResult first = await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, World, 0, 100), lake, new EmulationControl(), Token);
        RowsTakenException refusal = await Assert.ThrowsAsync<RowsTakenException>(
            () => Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, World, 99, 2), lake, new EmulationControl(), Token));
        Assert.Contains(first.Emulation.ToString(), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OtherWorld_NamesBothSettings()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, World, 0, 10), lake, new EmulationControl(), Token);
        EmulatedWorld other = new(new WorldSettings { Seed = 43 });
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, other, 10, 10), lake, new EmulationControl(), Token));
        Assert.Contains("seed is 42, not 43", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesWholeChunksAndContinues()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 100_000) { MaxChunkSize = 1 << 20 };
        using CancellationTokenSource cancel = new();
        CancelAt progress = new(30_000, cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Emulator.RunAsync(request, lake, new EmulationControl { Progress = progress }, cancel.Token));

        ManifestStore manifests = new(lake.Store);
        Manifest manifest = Assert.Single(await manifests.ListAsync(Token));
        Assert.Equal(EmulationState.Interrupted, manifest.State);
        Assert.Equal(manifest.DeliveredRows, (await manifests.ListChunksAsync(manifest, Token)).Sum(chunk => chunk.Rows));
        await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
        Assert.Equal(await StreamAsync("transaction", 0, 100_000, 2), await ReadAsync(lake, manifest.Id, 1 << 20));
    }

    [Fact]
    public async Task Lock_HeldByAnother_IsRefused()
    {
        using TemporaryFolder folder = new();
        using LakeLock held = await (await Lake.OpenAsync(folder.Path, Token)).LockAsync(LakePart.Tables, Token);
        await Assert.ThrowsAsync<InvalidRequestException>(async () => await (await Lake.OpenAsync(folder.Path, Token)).LockAsync(LakePart.Tables, Token));
    }

    [Theory]
    [InlineData("{\"layout\":2}", typeof(InvalidRequestException))]
    [InlineData("{\"layout\":1", typeof(LakeException))]
    [InlineData("[]", typeof(LakeException))]
    [InlineData("", typeof(LakeException))]
    [InlineData("{\"layout\":1,\"world\":{\"seed\":\"x\"}}", typeof(LakeException))]
    public async Task ReadWorldAsync_ForeignBinding_IsRefusedByName(string json, Type exception)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await lake.Store.PutAsync(LakeLayout.World, System.Text.Encoding.UTF8.GetBytes(json), Token);
        Exception thrown = await Assert.ThrowsAsync(exception, () => lake.ReadWorldAsync(Token));
        Assert.Contains("world.json", thrown.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> StreamAsync(string domain, long first, long rows, int threads)
    {
        using MemoryStream stream = new();
        await Emulator.RunAsync(new EmulationRequest(Domain.Find(domain)!, World, first, rows) { Threads = threads }, stream, new EmulationControl(), Token);
        return stream.ToArray();
    }

    private static async Task<byte[]> ReadAsync(Lake lake, Guid emulation, long chunkSize)
    {
        ManifestStore manifests = new(lake.Store);
        Manifest manifest = (await manifests.FindAsync(emulation, Token))!;
        List<byte> bytes = [];
        foreach (ChunkInfo chunk in await manifests.ListChunksAsync(manifest, Token))
        {
            byte[] content = (await lake.Store.ReadAsync(chunk.Key, Token))!;
            Assert.Equal(chunk.Bytes, content.Length);
            Assert.True(chunk.Rows == 1 || chunk.Bytes <= chunkSize);
            bytes.AddRange(content);
        }

        return [.. bytes];
    }

    private sealed class CancelAt(long rows, CancellationTokenSource cancel) : IProgress<EmulationProgress>
    {
        public void Report(EmulationProgress value)
        {
            if (value.Rows >= rows)
            {
                cancel.Cancel();
            }
        }
    }

    private sealed class Told : IProgress<EmulationProgress>
    {
        public List<EmulationProgress> Values { get; } = [];

        public void Report(EmulationProgress value) => Values.Add(value);
    }
}
