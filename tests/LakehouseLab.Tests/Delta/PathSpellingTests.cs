using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Delta;

/// <summary>Writers spell paths in different ways. Files are told apart by what the spellings mean, and a path goes back into the log as it stood there.</summary>
public sealed class PathSpellingTests
{
    private const string Plain = "name=2026-01-01/a b.parquet";
    private const string Escaped = "name%3D2026-01-01/a%20b.parquet";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Remove_PathThatAnotherWriterDidNotEscape_GoesBackAsItStood()
    {
        using SmallTable table = await WrittenByAnotherAsync(Plain);
        await table.ChangeAsync((transaction, snapshot) => transaction.Remove(snapshot.Files.Single(), dataChange: true));
        string commit = await File.ReadAllTextAsync(table.CommitPath(2), Cancellation);
        Assert.Contains($"\"remove\":{{\"path\":\"{Plain}\"", commit, StringComparison.Ordinal);
        Assert.Empty(await table.PathsAsync());
    }

    [Fact]
    public async Task Add_PathOfOurs_IsEscapedAsAUri()
    {
        using SmallTable table = new();
        await table.CreateAsync();
        await table.AppendAsync(Plain);
        Assert.Contains($"\"path\":\"{Escaped}\"", await File.ReadAllTextAsync(table.CommitPath(1), Cancellation), StringComparison.Ordinal);
        Assert.Equal([Plain], await table.PathsAsync());
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData(Escaped)]
    public async Task Checkpoint_LiveAndRemovedFiles_AreSpelledAsTheyStood(string spelling)
    {
        using SmallTable table = await WrittenByAnotherAsync(spelling, "removed " + spelling);
        await table.ChangeAsync((transaction, snapshot) => transaction.Remove(snapshot.Files.Single(file => file.Path.StartsWith("removed", StringComparison.Ordinal)), dataChange: true));
        while ((await table.Table.GetSnapshotAsync(Cancellation)).Version < DeltaTransaction.CheckpointInterval)
        {
            await table.ChangeAsync((_, _) => { });
        }

        for (int version = 0; version <= DeltaTransaction.CheckpointInterval; version++)
        {
            File.Delete(table.CommitPath(version));
        }

        Snapshot snapshot = await table.Table.GetSnapshotAsync(Cancellation);
        Assert.Equal(spelling, Assert.Single(snapshot.Files).Spelling);
        Assert.Equal("removed " + spelling, Assert.Single(snapshot.Tombstones).Spelling);
    }

    [Theory]
    [InlineData(Plain, Escaped)]
    [InlineData(Escaped, Plain)]
    [InlineData("file:/data/a%20b.parquet", "file:///data/a%20b.parquet")]
    [InlineData("file:/data/a%20b.parquet", "/data/a%20b.parquet")]
    public async Task GetSnapshot_TwoSpellingsOfAPath_AreOneFile(string first, string second)
    {
        using SmallTable table = await WrittenByAnotherAsync(first);
        table.WriteCommit(2, Add(second));
        Assert.Equal(second, Assert.Single((await table.Table.GetSnapshotAsync(Cancellation)).Files).Spelling);
        table.WriteCommit(3, Remove(first));
        Snapshot snapshot = await table.Table.GetSnapshotAsync(Cancellation);
        Assert.Empty(snapshot.Files);
        Assert.Equal(first, Assert.Single(snapshot.Tombstones).Spelling);
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData(Escaped)]
    public async Task Vacuum_FileInEitherSpelling_IsKept(string spelling)
    {
        using SmallTable table = await WrittenByAnotherAsync(spelling);
        string local = Path.Combine(table.Folder, Plain);
        Directory.CreateDirectory(Path.GetDirectoryName(local)!);
        await File.WriteAllTextAsync(local, "x", Cancellation);
        File.SetLastWriteTimeUtc(local, table.Clock.Now.AddDays(-30).UtcDateTime);
        Assert.Empty(await Vacuum.RunAsync(table.Table, dryRun: false, table.Clock, Cancellation));
        Assert.True(File.Exists(local));
        using LocalLease lease = new();
        Assert.Equal(local, await table.Table.GetLocalPathAsync((await table.Table.GetSnapshotAsync(Cancellation)).Files.Single(), lease, Cancellation));
    }

    [Fact]
    public async Task GetLocalPath_RelativePathThatDecodesToARoot_StaysInTheTable()
    {
        using SmallTable table = await WrittenByAnotherAsync("%2Fetc%2Fpasswd");
        using LocalLease lease = new();
        AddFile file = Assert.Single((await table.Table.GetSnapshotAsync(Cancellation)).Files);
        Assert.Contains("is missing though the log lists it", (await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetLocalPathAsync(file, lease, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3a://bucket/t/x.parquet")]
    [InlineData("hdfs://host/t/x.parquet")]
    [InlineData("file://another-host/t/x.parquet")]
    public async Task GetLocalPath_FileOfAnotherStore_IsRefusedByWhatItIs(string path)
    {
        using SmallTable table = await WrittenByAnotherAsync(path);
        AddFile file = Assert.Single((await table.Table.GetSnapshotAsync(Cancellation)).Files);
        using LocalLease lease = new();
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetLocalPathAsync(file, lease, Cancellation));
        Assert.Contains($"an absolute path of another store: {path}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetLocalPath_ShallowClone_ReadsTheFilesOfItsSource()
    {
        using SmallTable source = new();
        AddFile row = source.WriteRows("a b.parquet", null, (1, "x", null));
        using SmallTable clone = await WrittenByAnotherAsync(new Uri(Path.Combine(source.Folder, row.Path)).AbsoluteUri.Replace("file:///", "file:/", StringComparison.Ordinal));
        AddFile file = Assert.Single((await clone.Table.GetSnapshotAsync(Cancellation)).Files);
        using LocalLease lease = new();
        Assert.Equal(Path.Combine(source.Folder, row.Path), await clone.Table.GetLocalPathAsync(file, lease, Cancellation));
    }

    private static async Task<SmallTable> WrittenByAnotherAsync(params string[] paths)
    {
        SmallTable table = new();
        await table.CreateAsync(partitions: ["name"]);
        table.WriteCommit(1, [.. paths.Select(Add)]);
        return table;
    }

    private static string Add(string path) => $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"name":"2026-01-01"},"size":1,"modificationTime":0,"dataChange":true}}""";

    private static string Remove(string path) => $$$"""{"remove":{"path":"{{{path}}}","deletionTimestamp":0,"dataChange":true}}""";
}
