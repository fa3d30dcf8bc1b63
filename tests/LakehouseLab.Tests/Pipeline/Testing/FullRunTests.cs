using LakehouseLab.Delta;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Pipeline.Testing;

namespace LakehouseLab.Tests.Pipeline.Testing;

public sealed class FullRunTests
{
    [Theory]
    [InlineData("EUR", "1", "EUR", "1", null)]
    [InlineData("EUR", "1", "EUR", "2", "the row currency EUR has decimals 1 after increments and 2 after a full run")]
    [InlineData("EUR", "1", "USD", "1", "the row currency EUR is there after increments and not after a full run")]
    public async Task FindDifferenceAsync_TablesBeforeAndAfter_NamesTheFirstRowThatDiffers(string currencyBefore, string before, string currencyAfter, string after, string? difference)
    {
        Model model = ModelCatalog.BuiltIn.Models.First(model => model.Table.ToString() == "gold.daily_spend") with { Table = new TableName("gold", "rates"), Key = ["currency"] };
        FixtureTable table = new(model.Table, new StructType([new StructField("currency", PrimitiveType.Text), new StructField("decimals", new PrimitiveType("integer"))]), null, DuckDbEngine.EngineName);
        using FixtureLake lake = await FixtureLake.CreateAsync(new DuckDbOptions(DuckDbOptions.DefaultMemoryLimit, 1), TimeProvider.System, TestContext.Current.CancellationToken);
        await lake.AppendAsync(table, [Row(currencyBefore, before)], 0, TestContext.Current.CancellationToken);

        IReadOnlyDictionary<TableName, string> differences = await FullRun.FindDifferenceAsync(
            lake.Lake,
            [model],
            async token =>
            {
                DeltaTable delta = new LakeTables(lake.Lake).Open(table.Name);
                Snapshot snapshot = await delta.GetSnapshotAsync(token);
                await BatchCommit.RunAsync(delta, snapshot, "fixture", 1, snapshot.Files, [], TimeProvider.System, token);
                await lake.AppendAsync(table, [Row(currencyAfter, after)], 2, token);
                return null;
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(difference, differences.GetValueOrDefault(model.Table));
    }

    private static FixtureRow Row(string currency, string decimals) => new("here", new Dictionary<string, string?> { ["currency"] = currency, ["decimals"] = decimals });
}
