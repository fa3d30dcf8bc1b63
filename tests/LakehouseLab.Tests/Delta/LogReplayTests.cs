using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Delta;

/// <summary>What a log says, whoever wrote it; and that a damaged one is refused by the name of what is wrong.</summary>
public sealed class LogReplayTests
{
    private const string Protocol = """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""";
    private const string Metadata = """{"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":[],"configuration":{},"createdTime":0}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetSnapshot_AddsAndRemoves_AreReplayedInOrder()
    {
        using SmallTable table = new();
        table.WriteCommit(0, Protocol, Metadata, Add("a"), Add("b%20%25c"));
        table.WriteCommit(1, Remove("a"), Add("d"), """{"cdc":{"path":"x"}}""", """{"newAction":{"size":1}}""");
        table.WriteCommit(2, Add("a"), """{"txn":{"appId":"flow","version":7}}""");
        Snapshot snapshot = await table.Table.GetSnapshotAsync(Cancellation);
        Assert.Equal(["a", "b %c", "d"], snapshot.Files.Select(file => file.Path));
        Assert.Equal(["b %c", "d"], await table.PathsAsync(1));
        Assert.Equal(7, snapshot.TransactionVersion("flow"));
        Assert.Null(snapshot.TransactionVersion("other"));
    }

    [Fact]
    public async Task GetSnapshot_OtherFilesInTheLog_AreIgnored()
    {
        using SmallTable table = new();
        table.WriteCommit(0, Protocol, Metadata, Add("a"));
        table.WriteCommit(1, Add("b"));
        await WriteAsync(table, "_last_checkpoint", """{"version":77,"size":1}""");
        await WriteAsync(table, ".00000000000000000001.json.crc", "x");
        await WriteAsync(table, "00000000000000000000.crc", "x");
        await WriteAsync(table, "00000000000000000000.00000000000000000001.compacted.json", Add("wrong"));
        await WriteAsync(table, "_staged_commits/00000000000000000002.0f2c.json", Add("wrong"));
        await WriteAsync(table, "00000000000000000001.checkpoint.0000000001.0000000002.parquet", "half of a checkpoint");
        Assert.Equal(["a", "b"], await table.PathsAsync());
    }

    [Theory]
    [InlineData(1, "00000000000000000001.json is missing though later commits are there")]
    [InlineData(0, "00000000000000000000.json is missing and no checkpoint up to version 2 replaces it")]
    public async Task GetSnapshot_CommitIsMissing_IsRefusedByItsName(long missing, string expected)
    {
        using SmallTable table = new();
        table.WriteCommit(0, Protocol, Metadata);
        table.WriteCommit(1, Add("a"));
        table.WriteCommit(2, Add("b"));
        File.Delete(table.CommitPath(missing));
        await RefusedAsync(table, expected);
    }

    [Theory]
    [InlineData("""{"add":{"path":"a","partitionValues":{},"si""", "00000000000000000001.json, line 1, is damaged")]
    [InlineData("""{"add":{"path":"a","size":1,"dataChange":true}}""", "partitionValues is missing")]
    [InlineData("""{"add":{"path":5,"partitionValues":{},"size":1,"dataChange":true}}""", "line 1, is damaged")]
    [InlineData("""[1]""", "line 1, is damaged")]
    [InlineData("", "holds no action")]
    [InlineData("""{"add":{"path":"a","partitionValues":{},"size":1,"dataChange":true,"deletionVector":{"storageType":"u"}}}""", "deletionVectors")]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["quantum"],"writerFeatures":["quantum"]}}""", "the reader feature quantum")]
    [InlineData("""{"protocol":{"minReaderVersion":9,"minWriterVersion":9}}""", "reader version 9")]
    public async Task GetSnapshot_DamagedOrUnknown_IsRefusedByName(string line, string expected)
    {
        using SmallTable table = new();
        table.WriteCommit(0, Protocol, Metadata);
        table.WriteCommit(1, line);
        await RefusedAsync(table, expected);
    }

    [Theory]
    [InlineData("""{"add":{"path":"a","partitionValues":{},"size":1,"dataChange":true,"deletionVector":{"storageType":"u"}}}""", "it needs the reader feature deletionVectors")]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors","quantum"],"writerFeatures":["quantum"]}}""", "it needs the reader feature quantum,")]
    [InlineData("""{"protocol":{"minReaderVersion":9,"minWriterVersion":9}}""", "it needs reader version 9")]
    [InlineData("""{"metaData":{"id":"x","format":{"provider":"orc"},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[]}}""", "it needs data files in format orc")]
    [InlineData("""{"metaData":{"id":"x","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"g\",\"nullable\":true,\"type\":{\"type\":\"geometry\",\"srid\":1}}]}","partitionColumns":[]}}""", "it needs the type geometry")]
    public async Task GetSnapshot_FeatureThatIsNotSupported_IsRefusedByItsNameAndNotAsDamage(string line, string expected)
    {
        using SmallTable table = new();
        table.WriteCommit(0, Protocol, Metadata);
        table.WriteCommit(1, line);
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetSnapshotAsync(Cancellation));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetSnapshot_DeletionVectorsThatAreGone_AreNoHindrance()
    {
        using SmallTable table = new();
        string vector = Add("a").Replace("}}", ""","deletionVector":{"storageType":"u"}}}""", StringComparison.Ordinal);
        table.WriteCommit(0, Protocol.Replace("1,", "3,", StringComparison.Ordinal).Replace("2}", """7,"readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors"]}""", StringComparison.Ordinal), Metadata, Add("a"));
        table.WriteCommit(1, Remove("a"), vector);
        table.WriteCommit(2, Remove("a"), Add("purged"));
        Assert.Equal(["purged"], await table.PathsAsync());
        Assert.Equal(["a"], await table.PathsAsync(0));
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.PathsAsync(1));
        Assert.Contains("the reader feature deletionVectors", refusal.Message, StringComparison.Ordinal);
        Assert.True((await table.Table.GetChangesAsync(0, 2, Cancellation)).RowsRemoved);
        refusal = await Assert.ThrowsAsync<DeltaException>(() => table.AppendAsync("b"));
        Assert.Contains("cannot be written to: it uses deletionVectors", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Protocol, "no metaData action")]
    [InlineData(Metadata, "no protocol action")]
    public async Task GetSnapshot_HalfOfTheState_IsRefused(string line, string expected)
    {
        using SmallTable table = new();
        table.WriteCommit(0, line);
        await RefusedAsync(table, expected);
    }

    [Fact]
    public async Task GetSnapshot_ByTimestamp_FollowsTheFilesTimesMadeToGrow()
    {
        using SmallTable table = new();
        DateTime start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        table.WriteCommit(0, Protocol, Metadata);
        table.WriteCommit(1, Add("a"));
        table.WriteCommit(2, Add("b"));
        File.SetLastWriteTimeUtc(table.CommitPath(0), start.AddHours(1));
        File.SetLastWriteTimeUtc(table.CommitPath(1), start); // a copy has lost the order of times
        File.SetLastWriteTimeUtc(table.CommitPath(2), start.AddHours(2));
        Assert.Equal(0, await VersionAsync(table, start.AddHours(1)));
        Assert.Equal(1, await VersionAsync(table, start.AddHours(1).AddMilliseconds(1)));
        Assert.Equal(2, await VersionAsync(table, start.AddHours(3)));
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => VersionAsync(table, start));
        Assert.Contains("no version as of 2026-01-01T00:00:00", refusal.Message, StringComparison.Ordinal);
        IReadOnlyList<HistoryEntry> history = await table.Table.HistoryAsync(Cancellation);
        Assert.Equal([2L, 1L], (await table.Table.HistoryAsync(2, Cancellation)).Select(entry => entry.Version));
        foreach (HistoryEntry entry in history)
        {
            Assert.Equal(entry.Version, await VersionAsync(table, entry.Timestamp.UtcDateTime));
        }
    }

    [Fact]
    public async Task GetSnapshot_ByTimestamp_BelievesInCommitTimestampsMoreThanFiles()
    {
        using SmallTable table = new();
        DateTimeOffset start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        table.WriteCommit(0, Info(start), Protocol, Metadata);
        table.WriteCommit(1, Info(start.AddMinutes(1)), Add("a"));
        Assert.Equal(0, await VersionAsync(table, start.AddSeconds(59).UtcDateTime));
        Assert.Equal(1, await VersionAsync(table, start.AddSeconds(60).UtcDateTime));
    }

    [Fact]
    public async Task GetChanges_RangeOfCommits_TellsNewRowsAndWhetherRowsLeft()
    {
        using SmallTable table = new();
        table.WriteCommit(0, Protocol, Metadata, Add("a"));
        table.WriteCommit(1, Add("b"));
        table.WriteCommit(2, Remove("a", dataChange: false), Add("rewritten", dataChange: false));
        table.WriteCommit(3, Remove("b"), Add("c"));
        TableChanges appended = await table.Table.GetChangesAsync(-1, 2, Cancellation);
        Assert.Equal(["a", "b"], appended.Added.Select(file => file.Path));
        Assert.False(appended.RowsRemoved);
        Assert.False(appended.MetadataChanged);
        Assert.True((await table.Table.GetChangesAsync(2, 3, Cancellation)).RowsRemoved);
        Assert.Empty((await table.Table.GetChangesAsync(3, 3, Cancellation)).Added);
        File.Delete(table.CommitPath(1));
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetChangesAsync(0, 3, Cancellation));
        Assert.Contains("00000000000000000001.json is missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetLocalPath_AbsoluteRelativeAndLost_AreToldApart()
    {
        using SmallTable table = new();
        string name = "p=a %25/x.parquet";
        Directory.CreateDirectory(Path.Combine(table.Folder, "p=a %25"));
        await File.WriteAllTextAsync(Path.Combine(table.Folder, name), "x", Cancellation);
        string uri = new Uri(table.Folder).AbsoluteUri + "/p=a%20%2525/x.parquet";
        table.WriteCommit(0, Protocol, Metadata, Add("p=a%20%2525/x.parquet"), Add(uri), Add("gone.parquet"), Add("s3://bucket/x"));
        Snapshot snapshot = await table.Table.GetSnapshotAsync(Cancellation);
        using LocalLease lease = new();
        string Expected() => Path.Combine(table.Folder, name);
        Assert.Equal(Expected(), await table.Table.GetLocalPathAsync(snapshot.Files.Single(file => file.Path == name), lease, Cancellation));
        Assert.Equal(Expected(), await table.Table.GetLocalPathAsync(snapshot.Files.Single(file => file.Spelling == uri), lease, Cancellation));
        foreach (string lost in new[] { "gone.parquet", "s3://bucket/x" })
        {
            DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(
                () => table.Table.GetLocalPathAsync(snapshot.Files.Single(file => file.Path == lost), lease, Cancellation));
            Assert.Contains(lost, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static string Add(string path, bool dataChange = true) =>
        $$$"""{"add":{"path":"{{{path}}}","partitionValues":{},"size":1,"modificationTime":0,"dataChange":{{{(dataChange ? "true" : "false")}}}}}""";

    private static string Remove(string path, bool dataChange = true) =>
        $$$"""{"remove":{"path":"{{{path}}}","deletionTimestamp":0,"dataChange":{{{(dataChange ? "true" : "false")}}}}}""";

    private static string Info(DateTimeOffset time) =>
        $$$"""{"commitInfo":{"timestamp":0,"inCommitTimestamp":{{{time.ToUnixTimeMilliseconds()}}},"operation":"TEST"}}""";

    private static async Task<long> VersionAsync(SmallTable table, DateTime time) =>
        (await table.Table.GetSnapshotAsync(new DateTimeOffset(time, TimeSpan.Zero), Cancellation)).Version;

    private static async Task RefusedAsync(SmallTable table, string expected)
    {
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetSnapshotAsync(Cancellation));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static async Task WriteAsync(SmallTable table, string name, string text)
    {
        string path = Path.Combine(table.Log, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, Cancellation);
    }
}
