using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.S3;
using LakehouseLab.Tests;
using LakehouseLab.Tests.Delta;

namespace LakehouseLab.IntegrationTests.S3;

/// <summary>Writers at once on a table in a bucket, each with a store of its own, as on as many machines.</summary>
public sealed class ConcurrentCommitTests
{
    private const int Writers = 5;
    private const int Commits = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_WritersAtOnce_EachVersionHasOneAndNoneIsLost()
    {
        using TemporaryFolder cache = new();
        MinioServer server = await MinioServer.FindAsync();
        S3Store store = await server.NewStoreAsync(cache);
        DeltaTable table = new(store, "t");
        TableMetadata metadata = new("test", SmallTable.Schema, [], new Dictionary<string, string>(), 0);
        await SmallTable.CommitAsync(DeltaTransaction.Create(table, metadata, TimeProvider.System));

        List<(long Version, string Path)>[] committed = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer =>
            WriteAsync(new DeltaTable(new S3Store(S3Location.Parse(store.Location), server.Options(cache)), "t"), writer)));
        (long Version, string Path)[] all = [.. committed.SelectMany(static list => list).OrderBy(static commit => commit.Version)];
        Assert.Equal(Enumerable.Range(1, Writers * Commits).Select(static version => (long)version), all.Select(static commit => commit.Version));

        // Checkpoints came in between: what they and the commits after them say is every file, once.
        Snapshot snapshot = await table.GetSnapshotAsync(Cancellation);
        Assert.Equal(all.Select(static commit => commit.Path).Order(StringComparer.Ordinal), snapshot.Files.Select(static file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal((Writers * Commits) + 1, (await table.HistoryAsync(Cancellation)).Count);
    }

    private static async Task<List<(long Version, string Path)>> WriteAsync(DeltaTable table, int writer)
    {
        List<(long, string)> committed = [];
        for (int number = 0; number < Commits; number++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{writer}-{number}");
            DeltaTransaction transaction = DeltaTransaction.Begin(table, await table.GetSnapshotAsync(Cancellation), TimeProvider.System);
            transaction.Add(SmallTable.File(path));
            committed.Add((Assert.IsType<CommitResult.Committed>(await SmallTable.CommitAsync(transaction)).Version, path));
        }

        return committed;
    }
}
