using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Tests.Storage.S3;

/// <summary>Copies are bounded and shared, and none is taken away from whoever got it.</summary>
public sealed class LocalCopiesTests
{
    private const int Bound = 1_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_SeveralAtOnce_FetchesOnce()
    {
        using TemporaryFolder folder = new();
        using LocalLease lease = new();
        LocalCopies copies = Open(folder);
        int fetched = 0;
        string[] paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => copies.GetAsync(
            NameOf("a"), 10, lease,
            async () =>
            {
                Interlocked.Increment(ref fetched);
                await Task.Yield();
                return Write(folder, 10);
            },
            Cancellation)));
        Assert.Equal(1, fetched);
        Assert.Single(paths.Distinct());
        Assert.Equal(10, new FileInfo(paths[0]).Length);
    }

    [Fact]
    public async Task Get_OfAnother_IsFoundByIt()
    {
        using TemporaryFolder folder = new();
        using LocalLease lease = new();
        string first = await GetAsync(Open(folder), folder, "a", 10, lease);
        string second = await Open(folder).GetAsync(NameOf("a"), 10, lease, static () => throw new InvalidOperationException("it is there"), Cancellation);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Get_FailedFetch_IsTriedAgain()
    {
        using TemporaryFolder folder = new();
        using LocalLease lease = new();
        LocalCopies copies = Open(folder);
        await Assert.ThrowsAsync<InvalidOperationException>(() => copies.GetAsync(NameOf("a"), 10, lease, static () => throw new InvalidOperationException(), Cancellation));
        Assert.True(File.Exists(await GetAsync(copies, folder, "a", 10, lease)));
    }

    [Fact]
    public async Task Get_EndedLease_HoldsNothing()
    {
        using TemporaryFolder folder = new();
        LocalLease lease = new();
        lease.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => GetAsync(Open(folder), folder, "a", 10, lease));
        Assert.Equal(0, OpenFiles(folder));
    }

    [Fact]
    public async Task Get_BeyondTheBound_TakesTheOldestThatNobodyReads()
    {
        using TemporaryFolder folder = new();
        StepClock clock = new();
        using LocalLease reading = new();
        LocalCopies copies = Open(folder, clock);
        string held = await GetAsync(copies, folder, "held", 400, reading);
        string oldest = await ReadAsync(copies, folder, "oldest", 200);
        string newer = await ReadAsync(copies, folder, "newer", 300);
        string last = await GetAsync(Open(folder, clock), folder, "last", 200, reading);
        Assert.Equal([true, false, true, true], new[] { held, oldest, newer, last }.Select(File.Exists));

        // Used again, it is the youngest; what is being read is kept even beyond the bound.
        await GetAsync(copies, folder, "newer", 300, reading);
        string large = await GetAsync(copies, folder, "large", 900, reading);
        Assert.Equal([true, true, true, true], new[] { held, newer, last, large }.Select(File.Exists));
    }

    [Fact]
    public async Task Release_BeyondTheBound_FallsBackWithinIt()
    {
        using TemporaryFolder folder = new();
        LocalCopies copies = Open(folder);
        using (LocalLease reading = new())
        {
            for (int i = 0; i < 10; i++)
            {
                await GetAsync(copies, folder, $"copy {i}", 300, reading);
            }

            Assert.Equal(3_000, BytesOf(folder));
        }

        Assert.InRange(BytesOf(folder), 300, Bound);
    }

    [Fact]
    public async Task Get_ManyMoreThanTheBound_KeepsDescriptorsAndBytesFlat()
    {
        const int Objects = 2_000;
        const int Length = 20_000;
        const int ManyBytes = 10_000_000;
        using TemporaryFolder folder = new();
        LocalCopies copies = new(folder.Combine("copies"), ManyBytes, new StepClock());
        for (int i = 0; i < Objects; i++)
        {
            using LocalLease lease = new();
            await GetAsync(copies, folder, $"object {i}", Length, lease);
            if (i % 100 == 0)
            {
                Assert.Equal(1, OpenFiles(folder));
                Assert.InRange(BytesOf(folder), Length, ManyBytes);
            }
        }

        Assert.Equal(0, OpenFiles(folder));
        Assert.InRange(BytesOf(folder), ManyBytes / 2, ManyBytes);
    }

    private static LocalCopies Open(TemporaryFolder folder) => Open(folder, new StepClock());

    private static LocalCopies Open(TemporaryFolder folder, TimeProvider clock) => new(folder.Combine("copies"), Bound, clock);

    private static Task<string> GetAsync(LocalCopies copies, TemporaryFolder folder, string name, int length, LocalLease lease) =>
        copies.GetAsync(NameOf(name), length, lease, () => Task.FromResult(Write(folder, length)), Cancellation);

    private static async Task<string> ReadAsync(LocalCopies copies, TemporaryFolder folder, string name, int length)
    {
        using LocalLease lease = new();
        return await GetAsync(copies, folder, name, length, lease);
    }

    private static string NameOf(string text) => LocalCopies.NameOf(text);

    private static string Write(TemporaryFolder folder, int length)
    {
        string path = folder.Combine(Path.GetRandomFileName() + ".parquet");
        File.WriteAllBytes(path, new byte[length]);
        return path;
    }

    private static long BytesOf(TemporaryFolder folder) =>
        new DirectoryInfo(folder.Combine("copies")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length);

    // Descriptors of this process on files of the folder; elsewhere than on Linux the system does not tell.
    private static int OpenFiles(TemporaryFolder folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "descriptors are listed by Linux alone");
        return new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(item => item.LinkTarget?.StartsWith(folder.Path, StringComparison.Ordinal) is true);
    }

    private sealed class StepClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(1);
    }
}
