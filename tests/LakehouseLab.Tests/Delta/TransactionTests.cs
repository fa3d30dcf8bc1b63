using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;

namespace LakehouseLab.Tests.Delta;

/// <summary>What commits change, what they conflict with, and what they refuse.</summary>
public sealed class TransactionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_ReplacedPartition_LeavesTheOthers()
    {
        using SmallTable table = new();
        await table.CreateAsync(partitions: ["name"]);
        await table.ChangeAsync((transaction, _) =>
        {
            transaction.Add(SmallTable.File("name=a/1", partition: new Dictionary<string, string?> { ["name"] = "a" }));
            transaction.Add(SmallTable.File("name=__null__/1", partition: new Dictionary<string, string?> { ["name"] = null }));
        });
        await table.ChangeAsync((transaction, snapshot) =>
        {
            transaction.Remove(snapshot.Files.Single(file => file.PartitionValues["name"] is null), dataChange: true);
            transaction.Add(SmallTable.File("name=__null__/2 %", partition: new Dictionary<string, string?> { ["name"] = null }));
        });
        Snapshot snapshot = await table.Table.GetSnapshotAsync(Cancellation);
        Assert.Equal(["name=__null__/2 %", "name=a/1"], snapshot.Files.Select(file => file.Path));
        Assert.Equal(["name=__null__/1"], snapshot.Tombstones.Select(file => file.Path));
        Assert.Null(snapshot.Files[0].PartitionValues["name"]);
    }

    [Fact]
    public async Task Commit_AppendOnlyTable_RefusesRemovalButNotRearrangement()
    {
        using SmallTable table = new();
        await table.CreateAsync(properties: ("delta.appendOnly", "true"));
        await table.AppendAsync("a");
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.ChangeAsync((transaction, snapshot) => transaction.Remove(snapshot.Files[0], dataChange: true)));
        Assert.Contains("delta.appendOnly", refusal.Message, StringComparison.Ordinal);
        await table.ChangeAsync((transaction, snapshot) =>
        {
            transaction.Remove(snapshot.Files[0], dataChange: false);
            transaction.Add(SmallTable.File("b", dataChange: false));
        });
        Assert.Equal(["b"], await table.PathsAsync());
    }

    [Fact]
    public async Task AddColumn_Nullable_IsTheLastColumnOfTheNextVersion()
    {
        using SmallTable table = new();
        await table.CreateAsync();
        await table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("extra", new PrimitiveType("decimal(15,4)"))));
        Snapshot snapshot = await table.Table.GetSnapshotAsync(Cancellation);
        Assert.Equal(["id", "name", "at", "extra"], snapshot.Metadata.Schema.Fields.Select(field => field.Name));
        Assert.Equal(3, (await table.Table.GetSnapshotAsync(0, Cancellation)).Metadata.Schema.Fields.Count);
        await Assert.ThrowsAsync<DeltaException>(() => table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("ID", PrimitiveType.Text))));
        await Assert.ThrowsAsync<DeltaException>(() => table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("new", PrimitiveType.Text, Nullable: false))));
    }

    [Fact]
    public async Task Commit_BlindAppendsAtOnce_AreBothVersions()
    {
        using SmallTable table = new();
        await table.CreateAsync();
        (DeltaTransaction first, DeltaTransaction second) = await TwoAsync(table);
        first.Add(SmallTable.File("a"));
        second.Add(SmallTable.File("b"));
        Assert.Equal(new CommitResult.Committed(1), await SmallTable.CommitAsync(first));
        Assert.Equal(new CommitResult.Committed(2), await SmallTable.CommitAsync(second));
        Assert.Equal(["a", "b"], await table.PathsAsync());
    }

    [Fact]
    public async Task Commit_TxnOfTheSameApplicationMoved_IsNoRebase()
    {
        using SmallTable table = new();
        await table.CreateAsync();
        (DeltaTransaction first, DeltaTransaction second) = await TwoAsync(table);
        foreach (DeltaTransaction transaction in new[] { first, second })
        {
            transaction.Add(SmallTable.File("a"));
            transaction.SetTransaction("flow", 1);
        }

        await SmallTable.CommitAsync(first);
        CommitResult.Conflict conflict = Assert.IsType<CommitResult.Conflict>(await SmallTable.CommitAsync(second));
        Assert.Contains("flow", conflict.Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await table.Table.GetSnapshotAsync(Cancellation)).Version);
    }

    [Theory]
    [InlineData("rearranged", "append", true)]
    [InlineData("rearranged", "removal", false)]
    [InlineData("rearranged", "column", false)]
    [InlineData("replaced", "append", false)]
    [InlineData("append", "removal", true)]
    [InlineData("append", "column", false)]
    public async Task Commit_BehindAnother_IsRebasedOnlyWhenNothingItBuildsUponChanged(string ours, string theirs, bool rebased)
    {
        using SmallTable table = new();
        await table.CreateAsync();
        await table.AppendAsync("old");
        (DeltaTransaction other, DeltaTransaction mine) = await TwoAsync(table);
        Change(other, theirs);
        Change(mine, ours);
        Assert.IsType<CommitResult.Committed>(await SmallTable.CommitAsync(other));
        Assert.Equal(rebased, await SmallTable.CommitAsync(mine) is CommitResult.Committed);
    }

    [Fact]
    public async Task Create_TwiceAtOnce_IsAConflict()
    {
        using SmallTable table = new();
        TableMetadata metadata = new("x", SmallTable.Schema, [], new Dictionary<string, string>(), 0);
        DeltaTransaction second = DeltaTransaction.Create(table.Table, metadata, table.Clock);
        await table.CreateAsync();
        Assert.IsType<CommitResult.Conflict>(await SmallTable.CommitAsync(second));
    }

    [Theory]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":4}""", "{}", "changeDataFeed")]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["appendOnly","rowTracking"]}""", "{}", "rowTracking")]
    [InlineData("""{"minReaderVersion":1,"minWriterVersion":2}""", """{"delta.constraints.positive":"id > 0"}""", "checkConstraints")]
    public async Task Begin_UnwritableFeature_IsRefusedByName(string protocol, string configuration, string expected)
    {
        using SmallTable table = new();
        table.WriteCommit(
            0,
            $$$"""{"protocol":{{{protocol}}}}""",
            $$$"""{"metaData":{"id":"x","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{{{configuration}}}}}""");
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.AppendAsync("a"));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_Invariants_AreRefused()
    {
        using SmallTable table = new();
        await table.CreateAsync(new StructType([new StructField("id", PrimitiveType.Int64, Metadata: """{"delta.invariants":"{}"}""")]));
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.AppendAsync("a"));
        Assert.Contains("invariants", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoint_OldestCommitsCleanedUp_HoldsTheWholeState()
    {
        using SmallTable table = new();
        await table.CreateAsync(partitions: ["name"], properties: [("lakelab.engine", "lakelab")]);
        string longName = new('x', 300);
        for (int version = 1; version <= 12; version++)
        {
            await table.ChangeAsync((transaction, snapshot) =>
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"{version} ü%/{longName}");
                Dictionary<string, string?> partition = new() { ["name"] = version % 2 == 0 ? text : null };
                transaction.Add(SmallTable.File($"name=/{text}", partition: partition) with { Statistics = """{"numRecords":1}""" });
                transaction.SetTransaction("flow", version);
                if (version == 5)
                {
                    transaction.Remove(snapshot.Files[0], dataChange: true);
                }
            });
        }

        Snapshot before = await table.Table.GetSnapshotAsync(Cancellation);
        for (int version = 0; version <= 10; version++)
        {
            File.Delete(table.CommitPath(version));
        }

        Snapshot after = await table.Table.GetSnapshotAsync(Cancellation);
        Assert.Equal(before.Files.Select(Describe), after.Files.Select(Describe));
        Assert.Equal(before.Tombstones.Select(file => file.Path), after.Tombstones.Select(file => file.Path));
        Assert.Equal(before.Transactions, after.Transactions);
        Assert.Equal(before.Metadata.Schema.Fields, after.Metadata.Schema.Fields);
        Assert.Equal(before.Metadata.PartitionColumns, after.Metadata.PartitionColumns);
        Assert.Equal(before.Metadata.Configuration, after.Metadata.Configuration);
        Assert.Equal(before.Protocol.MinWriterVersion, after.Protocol.MinWriterVersion);
        Assert.True(File.Exists(Path.Combine(table.Log, "_last_checkpoint")));
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetSnapshotAsync(9, Cancellation));
        Assert.Contains("cleaned up", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindCommit_OfATransaction_IsItsVersionAmongLaterOnes()
    {
        using SmallTable table = new();
        await table.CreateAsync();
        await table.ChangeAsync((transaction, _) => transaction.SetTransaction("flow", 7));
        await table.ChangeAsync((transaction, _) => transaction.SetTransaction("flow", 8));
        await table.AppendAsync("a.parquet");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(1, await table.Table.FindCommitAsync("flow", 7, 0, cancellation));
        Assert.Equal(2, await table.Table.FindCommitAsync("flow", 8, 0, cancellation));
        Assert.Null(await table.Table.FindCommitAsync("flow", 8, 2, cancellation));
        Assert.Null(await table.Table.FindCommitAsync("other", 8, 0, cancellation));
    }

    [Fact]
    public async Task SetProperty_OfATable_KeepsTheOthers()
    {
        using SmallTable table = new();
        await table.CreateAsync(properties: ("a", "1"));
        await table.ChangeAsync((transaction, _) => transaction.SetProperty("b", "2"));
        await table.ChangeAsync((transaction, _) => transaction.SetProperty("a", "3"));
        Snapshot snapshot = await table.Table.GetSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["a=3", "b=2"], snapshot.Metadata.Configuration.Select(static pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Checkpoint_Damaged_IsRefusedByItsName()
    {
        using SmallTable table = new();
        await table.CreateAsync();
        for (int version = 1; version <= 10; version++)
        {
            await table.AppendAsync($"{version}");
        }

        string checkpoint = Path.Combine(table.Log, "00000000000000000010.checkpoint.parquet");
        byte[] bytes = await File.ReadAllBytesAsync(checkpoint, Cancellation);
        await File.WriteAllBytesAsync(checkpoint, bytes[..(bytes.Length / 2)], Cancellation);
        DeltaException refusal = await Assert.ThrowsAsync<DeltaException>(() => table.Table.GetSnapshotAsync(Cancellation));
        Assert.Contains("00000000000000000010.checkpoint.parquet is damaged", refusal.Message, StringComparison.Ordinal);
    }

    private static string Describe(AddFile file) => $"{file.Path}|{file.Size}|{file.Statistics}|{file.PartitionValues["name"] ?? "NULL"}";

    private static async Task<(DeltaTransaction First, DeltaTransaction Second)> TwoAsync(SmallTable table)
    {
        Snapshot snapshot = await table.Table.GetSnapshotAsync(Cancellation);
        return (DeltaTransaction.Begin(table.Table, snapshot, table.Clock), DeltaTransaction.Begin(table.Table, snapshot, table.Clock));
    }

    private static void Change(DeltaTransaction transaction, string change)
    {
        switch (change)
        {
            case "append":
                transaction.Add(SmallTable.File("appended"));
                break;
            case "column":
                transaction.AddColumn(new StructField("extra", PrimitiveType.Text));
                break;
            default:
                transaction.Remove(SmallTable.File("old"), dataChange: change != "rearranged");
                transaction.Add(SmallTable.File("new by " + change, dataChange: change != "rearranged"));
                break;
        }
    }
}
