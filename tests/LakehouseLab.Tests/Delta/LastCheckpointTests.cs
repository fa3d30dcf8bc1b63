using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Tests.Storage;

namespace LakehouseLab.Tests.Delta;

/// <summary><c>_last_checkpoint</c> is a hint: it spares the listing of what is older, and whatever it says the newest version is found.</summary>
public sealed class LastCheckpointTests
{
    private const int Newest = 25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetSnapshot_WithHint_ListsFromTheCheckpointOn()
    {
        using SmallTable table = await WithCheckpointsAsync();
        WatchedStore store = new(table.Store);
        DeltaTable watched = new(store, table.Prefix);
        Assert.Equal(Newest, (await watched.GetSnapshotAsync(Cancellation)).Version);
        Assert.Equal(22, (await watched.GetSnapshotAsync(22, Cancellation)).Version);
        Assert.Equal(Newest, (await watched.FindSnapshotAsync(Cancellation))!.Version);
        Assert.Equal(Enumerable.Repeat("t/_delta_log/00000000000000000020", 3), store.ListedAfter);
    }

    [Fact]
    public async Task GetSnapshot_VersionBeforeTheHint_IsFoundInTheWholeLog()
    {
        using SmallTable table = await WithCheckpointsAsync();
        Assert.Equal(13, (await table.PathsAsync(13)).Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[20]")]
    [InlineData("""{"version":"twenty"}""")]
    [InlineData("""{"version":-1,"size":1}""")]
    [InlineData("""{"version":10,"size":12}""")]
    [InlineData("""{"version":13,"size":12}""")]
    [InlineData("""{"version":24,"size":12}""")]
    [InlineData("""{"version":77,"size":12}""")]
    [InlineData("""{"version":20,"size":12,"parts":3,"checksum":"0","newMember":{}}""")]
    public async Task GetSnapshot_HintAbsentStaleDamagedOrDangling_FindsTheNewestVersion(string? hint)
    {
        using SmallTable table = await WithCheckpointsAsync();
        string path = Path.Combine(table.Log, "_last_checkpoint");
        File.Delete(path);
        if (hint is not null)
        {
            await File.WriteAllTextAsync(path, hint, Cancellation);
        }

        Assert.Equal(Newest, (await table.PathsAsync()).Length);
        Assert.Equal(12, (await table.PathsAsync(12)).Length);
    }

    [Fact]
    public async Task GetSnapshot_HintedCheckpointIsGone_IsReadFromAnOlderOne()
    {
        using SmallTable table = await WithCheckpointsAsync();
        File.Delete(Path.Combine(table.Log, "00000000000000000020.checkpoint.parquet"));
        File.Delete(table.CommitPath(0));
        Assert.Equal(Newest, (await table.PathsAsync()).Length);
    }

    [Fact]
    public async Task GetSnapshot_CommitAfterTheHintIsLost_IsRefusedByItsName()
    {
        using SmallTable table = await WithCheckpointsAsync();
        File.Delete(table.CommitPath(23));
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetSnapshotAsync(Cancellation));
        Assert.Contains("00000000000000000023.json is missing though later commits are there", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<SmallTable> WithCheckpointsAsync()
    {
        SmallTable table = new();
        await table.CreateAsync();
        for (int version = 1; version <= Newest; version++)
        {
            await table.AppendAsync($"{version}");
        }

        return table;
    }
}
