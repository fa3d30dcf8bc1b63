using System.Text.Json;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Tests.Delta;

namespace LakehouseLab.Tests.Pipeline.Maintenance;

/// <summary>Compaction rearranges a table's rows and changes none, in tables that are its own to write.</summary>
public sealed class CompactionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SmallFiles_CommitsNoChangeOfData()
    {
        using SmallTable table = await TwoFilesAsync();
        CompactionResult? result = await RunAsync(table);
        Assert.Equal((2, 1, 2L, null), (result!.FilesBefore, result.FilesAfter, result.Rows, result.Failure));
        List<bool> changes = [];
        foreach (string line in await File.ReadAllLinesAsync(table.CommitPath(2), Cancellation))
        {
            using JsonDocument action = JsonDocument.Parse(line);
            changes.AddRange(action.RootElement.EnumerateObject().Where(member => member.Name is "add" or "remove").Select(member => member.Value.GetProperty("dataChange").GetBoolean()));
        }

        Assert.Equal([false, false, false], changes);
        TableChanges seen = await table.Table.GetChangesAsync(1, 2, Cancellation);
        Assert.Empty(seen.Added);
        Assert.False(seen.RowsRemoved);
    }

    [Fact]
    public async Task Run_PathsThatAnotherWriterDidNotEscape_RemovesThemAsTheyStood()
    {
        using SmallTable table = await TwoFilesAsync();
        string[] spelled = ["a b=1.parquet", "a b=2.parquet"];
        string commit = await File.ReadAllTextAsync(table.CommitPath(1), Cancellation);
        await File.WriteAllTextAsync(table.CommitPath(1), Uri.UnescapeDataString(commit), Cancellation);
        await RunAsync(table);
        string[] removed = [.. (await File.ReadAllLinesAsync(table.CommitPath(2), Cancellation)).Where(line => line.StartsWith("{\"remove\"", StringComparison.Ordinal))];
        Assert.Equal(spelled, removed.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("remove").GetProperty("path").GetString()));
    }

    [Theory]
    [InlineData("duckdb")]
    [InlineData("lakelab")]
    [InlineData(null)]
    public async Task Run_TableOfOurs_IsRewritten(string? engine)
    {
        using SmallTable table = await TwoFilesAsync(engine);
        Assert.NotNull(await RunAsync(table));
    }

    [Fact]
    public async Task Run_TableThatAnotherEngineWrites_IsRefusedAndTheOthersAreRewritten()
    {
        using SmallTable table = await TwoFilesAsync("spark");
        ModelException refusal = await Assert.ThrowsAsync<ModelException>(() => RunAsync(table));
        Assert.Contains("is written by engine 'spark'", refusal.Message, StringComparison.Ordinal);
        IReadOnlyList<CompactionResult> results = await (await CompactionOfAsync(table)).RunAsync([TableName.TryParse("silver.t")!, TableName.TryParse("silver.absent")!], 2, Cancellation);
        Assert.Equal(refusal.Message, Assert.Single(results).Failure);
        Assert.False(File.Exists(table.CommitPath(2)));
    }

    private static async Task<Compaction> CompactionOfAsync(SmallTable table) => new(await Lake.OpenAsync(table.Store.Root, Cancellation), new DuckDbOptions(1L << 28, 1), table.Clock);

    private static async Task<CompactionResult?> RunAsync(SmallTable table) => await (await CompactionOfAsync(table)).RunAsync(TableName.TryParse("silver.t")!, 2, Cancellation);

    private static async Task<SmallTable> TwoFilesAsync(string? engine = "duckdb")
    {
        SmallTable table = new("silver/t");
        await table.CreateAsync(properties: engine is null ? [] : [("lakelab.engine", engine)]);
        AddFile[] files = [table.WriteRows("a b=1.parquet", null, (1, "x", null)), table.WriteRows("a b=2.parquet", null, (2, "y", null))];
        await table.ChangeAsync((transaction, _) => Array.ForEach(files, transaction.Add));
        return table;
    }
}
