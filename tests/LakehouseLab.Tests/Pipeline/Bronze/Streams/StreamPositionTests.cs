using System.Text;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Bronze.Streams;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline.Bronze.Streams;

/// <summary>How far a stream is follows from the table's txn and the checkpoint; what contradicts is refused with its remedy.</summary>
public sealed class StreamPositionTests : IDisposable
{
    private const string Query = "11111111-2222-3333-4444-555555555555";

    private static readonly TableName s_name = new("bronze", "transactions");
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindAsync_NothingWrittenYet_IsWhereTheStreamBegins() => Assert.Equal([(0, 5L), (1, 0L)], await NextAsync(null));

    [Fact]
    public async Task FindAsync_CommitThatTheCheckpointDoesNotKnow_Counts()
    {
        await PutAsync(commits: [0], offsets: [(0, 10, 20), (1, 30, 40), (2, 50, 60)]);
        Assert.Equal([(0, 30L), (1, 40L)], await NextAsync(1));
    }

    [Fact]
    public async Task FindAsync_OffsetsThatAreNotCommitted_DoNotCount()
    {
        await PutAsync(commits: [], offsets: [(0, 10, 20)]);
        Assert.Equal([(0, 5L), (1, 0L)], await NextAsync(null));
    }

    [Fact]
    public async Task FindAsync_CheckpointGone_IsRefused() => await RefusedAsync(3, "the checkpoint is gone though bronze.transactions has what its stream wrote");

    [Fact]
    public async Task FindAsync_CheckpointAheadOfTheTable_IsRefused()
    {
        await PutAsync(commits: [0, 1], offsets: [(0, 10, 20), (1, 30, 40)]);
        await RefusedAsync(0, "lacks micro-batch 1 that");
    }

    [Fact]
    public async Task FindAsync_CheckpointOfAnotherTopic_IsRefused()
    {
        await PutAsync(commits: [0], offsets: [(0, 10, 20)], topic: "payments");
        await RefusedAsync(0, "is the checkpoint of topic payments, and the stream's is transactions");
    }

    [Fact]
    public async Task FindAsync_OffsetsGone_IsRefused()
    {
        await PutAsync(commits: [0], offsets: []);
        await RefusedAsync(0, "lacks the offsets of micro-batch 0");
    }

    public void Dispose() => _folder.Dispose();

    private async Task RefusedAsync(long? committed, string reason)
    {
        StreamPosition position = await FindAsync(committed);
        string message = Assert.Throws<LakeException>(() => position.Require()).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains(StreamPosition.Remedy, message, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<(int, long)>> NextAsync(long? committed) => (await FindAsync(committed)).Require().Next.Select(static next => (next.Key.Partition, next.Value)).Order();

    // A table whose stream begins with record 0, and whose query has committed a micro-batch.
    private async Task<StreamPosition> FindAsync(long? committed)
    {
        Lake lake = await Lake.OpenAsync(_folder.Path, Token);
        DeltaTable table = new(lake.Store, s_name.Prefix);
        TableMetadata metadata = new(Guid.Empty.ToString(), BronzeTable.Schema, [], new Dictionary<string, string> { [WritingEngine.Property] = WritingEngine.Spark }, 0);
        DeltaTransaction transaction = DeltaTransaction.Create(table, metadata, TimeProvider.System);
        transaction.SetTransaction(s_name.ToString(), 0);
        if (committed is { } batch)
        {
            transaction.SetTransaction(Query, batch);
        }

        await transaction.CommitAsync("CREATE TABLE", new Dictionary<string, string>(), Token);
        Snapshot snapshot = await table.GetSnapshotAsync(Token);
        BronzeInputs begun = new([], Stream: [new StreamStart("transactions", "id", 0, 5), new StreamStart("transactions", "id", 1, 0)]);
        return (await StreamPosition.FindAsync(lake, s_name, snapshot, [begun], Token))!;
    }

    private async Task PutAsync(int[] commits, (int Batch, long First, long Second)[] offsets, string topic = "transactions")
    {
        Lake lake = await Lake.OpenAsync(_folder.Path, Token);
        string checkpoint = new StreamCheckpoint(lake, s_name, 0).Key;
        await PutAsync("metadata", $$"""{"id":"{{Query}}"}""");
        foreach (int batch in commits)
        {
            await PutAsync($"commits/{batch}", "v1\n{}");
        }

        foreach ((int batch, long first, long second) in offsets)
        {
            await PutAsync($"offsets/{batch}", "v1\n{}\n" + StreamOffsets.Write([((topic, 0), first), ((topic, 1), second)]));
        }

        ValueTask PutAsync(string name, string text) => lake.Store.PutAsync($"{checkpoint}/{name}", Encoding.UTF8.GetBytes(text), Token);
    }
}
