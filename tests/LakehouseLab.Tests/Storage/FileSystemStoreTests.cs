using System.Globalization;
using LakehouseLab.Storage;

namespace LakehouseLab.Tests.Storage;

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
}
