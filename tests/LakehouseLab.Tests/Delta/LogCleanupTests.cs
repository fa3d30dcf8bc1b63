using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Tests.Storage;

namespace LakehouseLab.Tests.Delta;

/// <summary>Old log files go with a new checkpoint, and nothing that a version of the retention time needs.</summary>
public sealed class LogCleanupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 10)]
    [InlineData("interval 30 days", 10)]
    [InlineData("30 days", 10)]
    [InlineData("interval 4 weeks 1 day", 10)]
    [InlineData("interval 20 days", 20)]
    [InlineData("interval 15 days", 20)]
    [InlineData("interval 1 hour", 30)]
    [InlineData("interval 31 days", 0)]
    [InlineData("interval 365 days", 0)]
    public async Task Commit_WithCheckpoint_DeletesWhatIsOlderThanTheCheckpointOfTheRetentionTime(string? retention, int oldest)
    {
        using SmallTable table = new();
        await ADayEachAsync(table, until: 40, retention is null ? [] : [("delta.logRetentionDuration", retention)]);
        Assert.Equal(Enumerable.Range(oldest, 41 - oldest), Versions(table, ".json"));
        Assert.Equal(new[] { 10, 20, 30, 40 }.Where(checkpoint => checkpoint >= oldest), Versions(table, ".checkpoint.parquet"));
        for (int version = oldest; version <= 40; version++)
        {
            Assert.Equal(version, (await table.PathsAsync(version)).Length);
        }

        Assert.Equal(41 - oldest, (await table.Table.HistoryAsync(Cancellation)).Count);
        if (oldest > 0)
        {
            DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetSnapshotAsync(oldest - 1, Cancellation));
            Assert.Contains("cleaned up", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Commit_CleanupSwitchedOff_DeletesNothing()
    {
        using SmallTable table = new();
        await ADayEachAsync(table, until: 40, ("delta.enableExpiredLogCleanup", "false"));
        Assert.Equal(41, Versions(table, ".json").Count());
    }

    [Fact]
    public async Task Commit_WithoutCheckpoint_DeletesNothing()
    {
        using SmallTable table = new();
        await ADayEachAsync(table, until: 39);
        table.Clock.Now = table.Clock.Now.AddDays(100);
        table.WriteCommit(40, """{"commitInfo":{}}""");
        await table.AppendAsync("41");
        Assert.Equal(42, Versions(table, ".json").Count());
    }

    [Fact]
    public async Task Commit_ExpiredFilesOfAllKinds_GoAndOthersStay()
    {
        using SmallTable table = new();
        string[] expired =
        [
            "00000000000000000009.crc", ".00000000000000000009.json.crc", ".00000000000000000009.crc.crc", "00000000000000000005.00000000000000000009.compacted.json",
            "00000000000000000010.00000000000000000012.compacted.json", "00000000000000000008.checkpoint.0000000001.0000000002.parquet", "00000000000000000008.checkpoint.0000000002.0000000002.parquet",
        ];
        string[] kept =
        [
            "00000000000000000010.crc", "00000000000000000011.00000000000000000012.compacted.json", "00000000000000000005.json.bak", "0000005.json", "note.txt", "_staged_commits/00000000000000000009.uuid.json",
        ];
        await ADayEachAsync(table, until: 39);
        foreach (string name in expired.Concat(kept))
        {
            string path = Path.Combine(table.Log, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, "x", Cancellation);
        }

        await table.AppendAsync("40");
        Assert.Equal(10, Versions(table, ".json").First());
        Assert.All(expired, name => Assert.False(File.Exists(Path.Combine(table.Log, name)), name));
        Assert.All(kept, name => Assert.True(File.Exists(Path.Combine(table.Log, name)), name));
    }

    [Fact]
    public async Task Commit_FilesTimesOutOfOrder_KeepsWhatComesAfterAYoungCommit()
    {
        using SmallTable table = new();
        await ADayEachAsync(table, until: 39);
        File.SetLastWriteTimeUtc(table.CommitPath(8), table.Clock.Now.UtcDateTime);
        await table.AppendAsync("40");
        Assert.Equal(0, Versions(table, ".json").First());
    }

    [Fact]
    public async Task Commit_StoreThatRefusesDeletion_Stands()
    {
        using SmallTable table = new();
        await ADayEachAsync(table, until: 39);
        DeltaTable refusing = new(new WatchedStore(table.Store) { RefusesDeletion = true }, table.Prefix);
        DeltaTransaction transaction = DeltaTransaction.Begin(refusing, await refusing.GetSnapshotAsync(Cancellation), table.Clock);
        transaction.Add(SmallTable.File("40"));
        Assert.Equal(new CommitResult.Committed(40), await SmallTable.CommitAsync(transaction));
        Assert.Equal(40, (await table.PathsAsync()).Length);
    }

    [Fact]
    public async Task Commit_SecondCheckpointOfADay_LeavesTheWholeLogUnread()
    {
        using SmallTable table = new();
        await ADayEachAsync(table, until: 39, ("delta.logRetentionDuration", "interval 5 days"));
        File.SetLastWriteTimeUtc(Path.Combine(table.Log, "_last_checkpoint"), table.Clock.Now.UtcDateTime);
        table.Clock.Now = table.Clock.Now.AddHours(23);
        await table.AppendAsync("40");
        Assert.Equal(20, Versions(table, ".json").First());
        for (int version = 41; version <= 50; version++)
        {
            await table.AppendAsync($"{version}");
        }

        Assert.Equal(30, Versions(table, ".json").First());
    }

    [Theory]
    [InlineData("delta.logRetentionDuration", "soon")]
    [InlineData("delta.logRetentionDuration", "interval 1 month")]
    [InlineData("delta.deletedFileRetentionDuration", "interval")]
    public async Task Begin_RetentionThatIsNoTime_IsRefusedBeforeAnythingIsWritten(string property, string value)
    {
        using SmallTable table = new();
        await table.CreateAsync(properties: (property, value));
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.AppendAsync("a"));
        Assert.Contains($"property {property} is '{value}', which is not understood", refusal.Message, StringComparison.Ordinal);
    }

    // Version n is committed at the beginning of day n, in a file of that time, and adds one file.
    private static async Task ADayEachAsync(SmallTable table, int until, params (string Name, string Value)[] properties)
    {
        await table.CreateAsync(properties: properties);
        File.SetLastWriteTimeUtc(table.CommitPath(0), table.Clock.Now.UtcDateTime);
        for (int version = 1; version <= until; version++)
        {
            table.Clock.Now = table.Clock.Now.AddDays(1);
            await table.AppendAsync($"{version}");
            if (File.Exists(table.CommitPath(version)))
            {
                File.SetLastWriteTimeUtc(table.CommitPath(version), table.Clock.Now.UtcDateTime);
            }
        }

        if (until % DeltaTransaction.CheckpointInterval != 0)
        {
            table.Clock.Now = table.Clock.Now.AddDays(1);
        }
    }

    private static IEnumerable<int> Versions(SmallTable table, string ending) => Directory.EnumerateFiles(table.Log)
        .Select(path => Path.GetFileName(path))
        .Where(name => name.Length == 20 + ending.Length && name.EndsWith(ending, StringComparison.Ordinal))
        .Select(name => int.Parse(name[..20], System.Globalization.CultureInfo.InvariantCulture))
        .Order();
}
