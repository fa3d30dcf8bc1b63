using LakehouseLab.Delta;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Tests.Delta;
using LakehouseLab.Tests.Storage;

namespace LakehouseLab.Tests.Pipeline.Tables;

/// <summary>A table is made once, belongs to one engine, and a writer that lost to another says so.</summary>
public sealed class TableCreationTests
{
    private static readonly TableName s_name = TableName.TryParse("silver.t")!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_NewTable_IsMadeForItsEngine()
    {
        using SmallTable table = new(s_name.Prefix);
        Snapshot snapshot = (await OpenAsync(await Lake.OpenAsync(table.Store.Root, Cancellation), table, SmallTable.Schema)).Snapshot;
        Assert.Equal((0, "duckdb"), (snapshot.Version, snapshot.Metadata.Configuration["lakelab.engine"]));
        Snapshot again = (await OpenAsync(await Lake.OpenAsync(table.Store.Root, Cancellation), table, SmallTable.Schema)).Snapshot;
        Assert.Equal(0, again.Version);
    }

    [Fact]
    public async Task Open_TableOfAnotherEngine_IsRefusedByItsName()
    {
        using SmallTable table = new(s_name.Prefix);
        await table.CreateAsync(properties: ("lakelab.engine", "spark"));
        ModelException refusal = await Assert.ThrowsAsync<ModelException>(async () => await OpenAsync(await Lake.OpenAsync(table.Store.Root, Cancellation), table, SmallTable.Schema));
        Assert.Contains("is written by engine 'spark', not 'duckdb'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TableThatIsTakenOver_IsTheEnginesFromThenOn()
    {
        using SmallTable table = new(s_name.Prefix);
        await table.CreateAsync(properties: ("lakelab.engine", "spark"));
        TableVersions versions = new(await Lake.OpenAsync(table.Store.Root, Cancellation));
        TableVersion taken = await new TableCreation(versions, table.Clock) { TakesOver = true }.OpenAsync(s_name, SmallTable.Schema, null, "A table.", "duckdb", Cancellation);
        Assert.Equal((1, "duckdb"), (taken.Snapshot.Version, taken.Snapshot.Metadata.Configuration["lakelab.engine"]));
        TableVersion again = await new TableCreation(versions, table.Clock) { TakesOver = true }.OpenAsync(s_name, SmallTable.Schema, null, "A table.", "duckdb", Cancellation);
        Assert.Equal(1, again.Snapshot.Version);
    }

    [Fact]
    public async Task Open_AnotherProgramMakesTheTableMeanwhile_SaysSo()
    {
        using SmallTable table = new(s_name.Prefix);
        Lake lake = await MeanwhileAsync(table, () => table.CreateAsync(properties: ("lakelab.engine", "spark")));
        ModelException refusal = await Assert.ThrowsAsync<ModelException>(() => OpenAsync(lake, table, SmallTable.Schema));
        Assert.Contains("in version 0 while it was made; run the command again", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AnotherProgramChangesTheColumnsMeanwhile_SaysSo()
    {
        using SmallTable table = new(s_name.Prefix);
        await table.CreateAsync(properties: ("lakelab.engine", "duckdb"));
        StructType wider = new([.. SmallTable.Schema.Fields, new StructField("extra", PrimitiveType.Text)]);
        Lake lake = await MeanwhileAsync(table, () => table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("other", PrimitiveType.Text))));
        ModelException refusal = await Assert.ThrowsAsync<ModelException>(() => OpenAsync(lake, table, wider));
        Assert.Contains("in version 1 while columns were added; run the command again", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("other", (await table.Table.GetSnapshotAsync(Cancellation)).Metadata.Schema.Fields[^1].Name);
    }

    private static Task<TableVersion> OpenAsync(Lake lake, SmallTable table, StructType schema) =>
        new TableCreation(new TableVersions(lake), table.Clock).OpenAsync(s_name, schema, null, "A table.", "duckdb", Cancellation);

    // A lake in which somebody else comes first with the next commit.
    private static async Task<Lake> MeanwhileAsync(SmallTable table, Func<Task> change)
    {
        bool done = false;
        return (await Lake.OpenAsync(table.Store.Root, Cancellation)).Through(inner => new WatchedStore(inner)
        {
            BeforeTryPut = async _ =>
            {
                if (!done)
                {
                    done = true;
                    await change();
                }
            },
        });
    }
}
