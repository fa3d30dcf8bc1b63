using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Delta;

/// <summary>Vacuum deletes what no version of the last week needs, and nothing else.</summary>
public sealed class VacuumTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OldAndYoungFiles_DeletesOnlyWhatNoVersionOfTheWeekNeeds()
    {
        using SmallTable table = new();
        DateTimeOffset now = table.Clock.Now;
        await table.CreateAsync();
        await table.AppendAsync("live", "removed long ago", "removed lately");
        table.Clock.Now = now.AddDays(-8);
        await table.ChangeAsync((transaction, snapshot) => transaction.Remove(snapshot.Files.Single(file => file.Path == "removed long ago"), dataChange: true));
        table.Clock.Now = now.AddDays(-6);
        await table.ChangeAsync((transaction, snapshot) => transaction.Remove(snapshot.Files.Single(file => file.Path == "removed lately"), dataChange: true));
        table.Clock.Now = now;
        string[] old = ["live", "removed long ago", "removed lately", "never committed", "_hidden/x", ".tmp", "_part=1/old"];
        foreach (string path in old)
        {
            Touch(table, path, now.AddDays(-30));
        }

        Touch(table, "about to be committed", now.AddDays(-6));
        File.SetLastWriteTimeUtc(table.CommitPath(0), now.AddDays(-30).UtcDateTime);
        string[] expected = ["t/_part=1/old", "t/never committed", "t/removed long ago"];
        IReadOnlyList<ObjectInfo> planned = await Vacuum.RunAsync(table.Table, dryRun: true, table.Clock, Cancellation);
        Assert.Equal(expected, planned.Select(file => file.Key));
        Assert.All(expected, key => Assert.True(File.Exists(Path.Combine(table.Store.Root, key))));
        await Vacuum.RunAsync(table.Table, dryRun: false, table.Clock, Cancellation);
        Assert.All(expected, key => Assert.False(File.Exists(Path.Combine(table.Store.Root, key))));
        Assert.Empty(await Vacuum.RunAsync(table.Table, dryRun: false, table.Clock, Cancellation));
        Assert.All(["live", "removed lately"], path => Assert.True(File.Exists(Path.Combine(table.Folder, path))));
    }

    [Theory]
    [InlineData("interval 30 days", 0)]
    [InlineData("interval 2 weeks", 1)]
    [InlineData("interval 1 hour", 1)]
    public async Task Run_TableKeepsItsFilesLonger_IsHonoured(string retention, int deleted)
    {
        using SmallTable table = new();
        await table.CreateAsync(properties: ("delta.deletedFileRetentionDuration", retention));
        Touch(table, "never committed", table.Clock.Now.AddDays(-20));
        Touch(table, "young", table.Clock.Now.AddDays(-6));
        Assert.Equal(deleted, (await Vacuum.RunAsync(table.Table, dryRun: true, table.Clock, Cancellation)).Count);
    }

    [Fact]
    public async Task Run_AbsolutePathsInTheLog_IsRefused()
    {
        using SmallTable table = new();
        await table.CreateAsync();
        await table.AppendAsync("file:///somewhere/x");
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => Vacuum.RunAsync(table.Table, dryRun: true, table.Clock, Cancellation));
        Assert.Contains("file:///somewhere/x", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AfterACheckpoint_KeepsWhatWasRemovedWithinTheRetentionTime()
    {
        using SmallTable table = new();
        DateTimeOffset now = table.Clock.Now;
        await table.CreateAsync();
        await table.AppendAsync("live", "removed long ago", "removed lately");
        foreach ((string path, int days) in new[] { ("removed long ago", -8), ("removed lately", -6) })
        {
            table.Clock.Now = now.AddDays(days);
            await table.ChangeAsync((transaction, snapshot) => transaction.Remove(snapshot.Files.Single(file => file.Path == path), dataChange: true));
        }

        table.Clock.Now = now;
        for (int version = 4; version <= DeltaTransaction.CheckpointInterval; version++)
        {
            await table.ChangeAsync((_, _) => { });
        }

        for (int version = 0; version <= DeltaTransaction.CheckpointInterval; version++)
        {
            File.Delete(table.CommitPath(version));
        }

        Assert.Equal(["removed lately"], (await table.Table.GetSnapshotAsync(Cancellation)).Tombstones.Select(file => file.Path));
        foreach (string path in new[] { "live", "removed long ago", "removed lately" })
        {
            Touch(table, path, now.AddDays(-30));
        }

        Assert.Equal(["t/removed long ago"], (await Vacuum.RunAsync(table.Table, dryRun: false, table.Clock, Cancellation)).Select(file => file.Key));
    }

    private static void Touch(SmallTable table, string path, DateTimeOffset time)
    {
        string local = Path.Combine(table.Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(local)!);
        File.WriteAllText(local, "x");
        File.SetLastWriteTimeUtc(local, time.UtcDateTime);
    }
}
