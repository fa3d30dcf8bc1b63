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
        LocalCopies copies = Open(folder);
        int fetched = 0;
        string[] paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => copies.GetAsync(
            NameOf("a"), 10,
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
        string first = await GetAsync(Open(folder), folder, "a", 10);
        string second = await Open(folder).GetAsync(NameOf("a"), 10, static () => throw new InvalidOperationException("it is there"), Cancellation);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Get_FailedFetch_IsTriedAgain()
    {
        using TemporaryFolder folder = new();
        LocalCopies copies = Open(folder);
        await Assert.ThrowsAsync<InvalidOperationException>(() => copies.GetAsync(NameOf("a"), 10, static () => throw new InvalidOperationException(), Cancellation));
        Assert.True(File.Exists(await GetAsync(copies, folder, "a", 10)));
    }

    [Fact]
    public async Task Get_BeyondTheBound_TakesTheOldestThatNobodyHas()
    {
        using TemporaryFolder folder = new();
        StepClock clock = new();
        string held = await GetAsync(Held(folder, clock), folder, "held", 400);
        string oldest = await LeaveAsync(folder, clock, "oldest", 300);
        string newer = await LeaveAsync(folder, clock, "newer", 300);
        LocalCopies copies = Held(folder, clock);
        string last = await GetAsync(copies, folder, "last", 200);
        Assert.Equal([true, false, true, true], new[] { held, oldest, newer, last }.Select(File.Exists));

        // Used again, it is the youngest; what is in use is kept even beyond the bound.
        await GetAsync(copies, folder, "newer", 300);
        string large = await GetAsync(copies, folder, "large", 900);
        Assert.Equal([true, true, true, true], new[] { held, newer, last, large }.Select(File.Exists));
        GC.KeepAlive(_holders);
    }

    private readonly List<LocalCopies> _holders = [];

    private LocalCopies Held(TemporaryFolder folder, TimeProvider clock)
    {
        _holders.Add(new LocalCopies(folder.Combine("copies"), Bound, clock));
        return _holders[^1];
    }

    // A copy whose store is gone, as another process's is that has ended.
    private static async Task<string> LeaveAsync(TemporaryFolder folder, StepClock clock, string name, int length)
    {
        string shard = Path.Combine(folder.Combine("copies"), NameOf(name)[..2]);
        Directory.CreateDirectory(shard);
        string path = Path.Combine(shard, $"{NameOf(name)}-0.parquet");
        await File.WriteAllBytesAsync(path, new byte[length], Cancellation);
        File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
        return path;
    }

    private static LocalCopies Open(TemporaryFolder folder) => new(folder.Combine("copies"), Bound, new StepClock());

    private static Task<string> GetAsync(LocalCopies copies, TemporaryFolder folder, string name, int length) =>
        copies.GetAsync(NameOf(name), length, () => Task.FromResult(Write(folder, length)), Cancellation);

    private static string NameOf(string text) => LocalCopies.NameOf(text);

    private static string Write(TemporaryFolder folder, int length)
    {
        string path = folder.Combine(Path.GetRandomFileName() + ".parquet");
        File.WriteAllBytes(path, new byte[length]);
        return path;
    }

    private sealed class StepClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(1);
    }
}
