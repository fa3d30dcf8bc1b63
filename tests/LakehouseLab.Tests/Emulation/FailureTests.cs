using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Files;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation;

/// <summary>What is left when something fails, and how the next run goes on.</summary>
public sealed class FailureTests
{
    private static readonly EmulatedWorld World = new(new WorldSettings());
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task RunAsync_DiskFull_LeavesWholeChunksAndGoesOn(long room)
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 10_000) { MaxChunkSize = 300_000, Threads = 2 };
        await Assert.ThrowsAsync<StorageException>(() => Emulator.RunAsync(request, new FullStore(store, room), new EmulationControl(), Token));

        ManifestStore manifests = new(store);
        Manifest manifest = Assert.Single(await manifests.ListAsync(Token));
        Assert.Equal(EmulationState.Running, manifest.State);
        IReadOnlyList<ChunkInfo> chunks = await manifests.ListChunksAsync(manifest, Token);
        Assert.Equal(room / 300_000 > 0, chunks.Count > 0);

        EmulationResult rest = await Emulator.RunAsync(request, store, new EmulationControl(), Token);
        Assert.Equal(10_000 - chunks.Sum(chunk => chunk.Rows), rest.MadeRows);
        using MemoryStream whole = new();
        await Emulator.RunAsync(request, whole, new EmulationControl(), Token);
        manifest = Assert.Single(await manifests.ListAsync(Token));
        Assert.Equal((EmulationState.Completed, 10_000, whole.Length), (manifest.State, manifest.DeliveredRows, manifest.DeliveredBytes));
        List<byte> bytes = [];
        foreach (ChunkInfo chunk in await manifests.ListChunksAsync(manifest, Token))
        {
            bytes.AddRange((await store.ReadAsync(chunk.Key, Token))!);
        }

        Assert.Equal(whole.ToArray(), bytes);
    }

    [Fact]
    public async Task RunAsync_ChunkWithoutPartWasCutOff_IsRefusedByName()
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 100);
        EmulationResult made = await Emulator.RunAsync(request, store, new EmulationControl(), Token);
        string key = new ChunkKey("transaction", made.Emulation, 0, 0, "json").ToString();
        byte[] chunk = (await store.ReadAsync(key, Token))!;
        await store.PutAsync(key, chunk.AsMemory(..^3), Token);
        await store.DeleteAsync(LakeLayout.ManifestPart(made.Emulation, 0), Token);
        LakeException failure = await Assert.ThrowsAsync<LakeException>(() => Emulator.RunAsync(request, store, new EmulationControl(), Token));
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);

        await store.PutAsync(key, (byte[])[.. chunk, .. chunk], Token);
        failure = await Assert.ThrowsAsync<LakeException>(() => Emulator.RunAsync(request, store, new EmulationControl(), Token));
        Assert.Contains("has more rows than the emulation", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RecordFormat.Json, false, "rows 0 to 99 of transaction with labels")]
    [InlineData(RecordFormat.Csv, true, "as json")]
    public async Task RunAsync_EmulationOfOtherLabelsOrFormat_IsNotContinued(RecordFormat format, bool labels, string told)
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 100);
        EmulationResult made = await Emulator.RunAsync(request, store, new EmulationControl(), Token);
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => Emulator.RunAsync(
            request with { Emulation = made.Emulation, Labels = labels, Format = new ChunkFormat(format, RecordCompression.None) }, store, new EmulationControl(), Token));
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ContinuedWithAnotherCompression_GoesOnAsItWasBegun()
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 10_000) { MaxChunkSize = 300_000, Format = new ChunkFormat(RecordFormat.Json, RecordCompression.Gzip) };
        await Assert.ThrowsAsync<StorageException>(() => Emulator.RunAsync(request, new FullStore(store, 400_000), new EmulationControl(), Token));
        Manifest begun = Assert.Single(await new ManifestStore(store).ListAsync(Token));
        await Emulator.RunAsync(request with { Emulation = begun.Id, Format = ChunkFormat.Json }, store, new EmulationControl(), Token);
        ManifestStore manifests = new(store);
        Assert.All(await manifests.ListChunksAsync(Assert.Single(await manifests.ListAsync(Token)), Token), chunk => Assert.EndsWith(".json.gz", chunk.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lock_AfterAKill_DeletesWhatWasHalfWrittenAndNothingElse()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, World, 0, 100), lake, new EmulationControl(), Token);
        await lake.Store.PutAsync("staging/mine", "x"u8.ToArray(), Token);
        string[] before = [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(folder.Combine(LakeLayout.EmulationLocks), StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Directory.CreateDirectory(folder.Combine(".staging"));
        await File.WriteAllTextAsync(folder.Combine(".staging/half"), "x", Token);
        using LakeLock held = await lake.LockAsync(LakePart.Records, Token);
        Assert.Equal(before, Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    /// <summary>A store on a disk that has room for so many bytes of streamed objects.</summary>
    private sealed class FullStore(FileSystemStore store, long room) : DelegatingStore(store)
    {
        private long _room = room;

        public override async ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) =>
            new Writer(this, await base.CreateAsync(key, cancellationToken));

        private sealed class Writer(FullStore disk, ObjectWriter writer) : ObjectWriter
        {
            public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
            {
                disk._room -= bytes.Length;
                return disk._room < 0
                    ? throw new StorageException("cannot write: the disk is full", new IOException("no space"))
                    : writer.WriteAsync(bytes, cancellationToken);
            }

            public override ValueTask<bool> TryCompleteAsync(CancellationToken cancellationToken) => writer.TryCompleteAsync(cancellationToken);

            public override ValueTask DisposeAsync() => writer.DisposeAsync();
        }
    }
}
