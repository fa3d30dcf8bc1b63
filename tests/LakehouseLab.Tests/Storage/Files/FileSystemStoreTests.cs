using System.Globalization;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Files;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage.Files;

/// <summary>Put-if-absent is what claims, commits and progress stand on.</summary>
public sealed class FileSystemStoreTests
{
    [Fact]
    public async Task TryPut_SeveralAtOnce_ExactlyOneSucceedsAndIsFound()
    {
        const int Writers = 4;
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        for (int round = 0; round < 200; round++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"objects/{round}");
            using Barrier barrier = new(Writers);
            bool[] won = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait(cancellation);
                    return store.TryPutAsync(key, new[] { (byte)writer }, cancellation).AsTask().GetAwaiter().GetResult();
                },
                cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.Single(won, static winner => winner);
            Assert.Equal(new[] { (byte)Array.IndexOf(won, true) }, await store.ReadAsync(key, cancellation) ?? []);
        }
    }

    [Fact]
    public async Task List_StagedObjects_GivesThemToWhoAsksForThem()
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await store.PutAsync("a", new byte[] { 1 }, cancellation);
        await store.PutAsync($"{IObjectStore.Staging}x/b", new byte[] { 1 }, cancellation);
        Assert.Equal(["a"], await store.ListAsync(string.Empty, cancellation).Select(static item => item.Key).ToArrayAsync(cancellation));
        Assert.Equal([".staging/x/b"], await store.ListAsync($"{IObjectStore.Staging}x/", cancellation).Select(static item => item.Key).ToArrayAsync(cancellation));
    }

    [Fact]
    public async Task List_AfterAKey_BeginsBehindIt()
    {
        using TemporaryFolder folder = new();
        IObjectStore store = new FileSystemStore(folder.Path);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string[] keys = ["log/1", "log/10", "log/2", "log/2.json", "log/3/4", "other/5"];
        foreach (string key in keys)
        {
            await store.PutAsync(key, new byte[] { 1 }, cancellation);
        }

        Assert.Equal(["log/2.json", "log/3/4"], await store.ListAsync("log/", "log/2", cancellation).Select(static item => item.Key).ToArrayAsync(cancellation));
        Assert.Equal(keys[..5], await store.ListAsync("log/", string.Empty, cancellation).Select(static item => item.Key).ToArrayAsync(cancellation));
    }

    [Fact]
    public void TryLock_HeldElsewhere_IsNullUntilItIsReleased()
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        using (store.TryLock("locks/one"))
        {
            Assert.Null(new FileSystemStore(folder.Path).TryLock("locks/one"));
            using IDisposable? other = store.TryLock("locks/two");
            Assert.NotNull(other);
        }

        using IDisposable? again = store.TryLock("locks/one");
        Assert.NotNull(again);
    }

    [Fact]
    public void TryLock_WhereNoFolderCanBe_NamesThePlaceAndTheRemedy()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("file"), "x");
        string place = Path.Combine(folder.Combine("file"), "lake");
        StorageException failure = Assert.Throws<StorageException>(() => new FileSystemStore(place).TryLock("locks/one"));
        Assert.StartsWith($"cannot write to '{place}': ", failure.Message, StringComparison.Ordinal);
    }
}
