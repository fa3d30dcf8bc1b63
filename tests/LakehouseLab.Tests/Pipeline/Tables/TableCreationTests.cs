using LakehouseLab.Delta;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Models;
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
        (_, Snapshot snapshot) = await OpenAsync(Lake.Open(table.Store.Root), table, SmallTable.Schema);
        Assert.Equal((0, "duckdb"), (snapshot.Version, snapshot.Metadata.Configuration["lakelab.engine"]));
        (_, Snapshot again) = await OpenAsync(Lake.Open(table.Store.Root), table, SmallTable.Schema);
        Assert.Equal(0, again.Version);
    }

    [Fact]
    public async Task Open_TableOfAnotherEngine_IsRefusedByItsName()
    {
        using SmallTable table = new(s_name.Prefix);
        await table.CreateAsync(properties: ("lakelab.engine", "spark"));
        ModelException refusal = await Assert.ThrowsAsync<ModelException>(() => OpenAsync(Lake.Open(table.Store.Root), table, SmallTable.Schema));
        Assert.Contains("is written by engine 'spark', not 'duckdb'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AnotherProgramMakesTheTableMeanwhile_SaysSo()
    {
        using SmallTable table = new(s_name.Prefix);
        Lake lake = Meanwhile(table, () => table.CreateAsync(properties: ("lakelab.engine", "spark")));
        ModelException refusal = await Assert.ThrowsAsync<ModelException>(() => OpenAsync(lake, table, SmallTable.Schema));
        Assert.Contains("in version 0 while it was made; run the command again", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AnotherProgramChangesTheColumnsMeanwhile_SaysSo()
    {
        using SmallTable table = new(s_name.Prefix);
        await table.CreateAsync(properties: ("lakelab.engine", "duckdb"));
        StructType wider = new([.. SmallTable.Schema.Fields, new StructField("extra", PrimitiveType.Text)]);
        Lake lake = Meanwhile(table, () => table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("other", PrimitiveType.Text))));
        ModelException refusal = await Assert.ThrowsAsync<ModelException>(() => OpenAsync(lake, table, wider));
        Assert.Contains("in version 1 while columns were added; run the command again", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("other", (await table.Table.GetSnapshotAsync(Cancellation)).Metadata.Schema.Fields[^1].Name);
    }

    private static Task<(DeltaTable Table, Snapshot Snapshot)> OpenAsync(Lake lake, SmallTable table, StructType schema) =>
        new TableCreation(lake, table.Clock).OpenAsync(s_name, schema, null, "A table.", "duckdb", Cancellation);

    // A lake in which somebody else comes first with the next commit.
    private static Lake Meanwhile(SmallTable table, Func<Task> change)
    {
        bool done = false;
        return Lake.Open(table.Store.Root).Through(inner => new WatchedStore(inner)
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
