using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>Models that read and write tables by their names in a catalog make the same tables, at the same places.</summary>
public sealed class SparkCatalogTests
{
    private const string Catalog = "spark_catalog";

    public SparkCatalogTests() => SparkTrials.Require();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TablesByName_MakesTheTablesOfTheEmbeddedEngineAndNamesThemOnce()
    {
        await ForgetNamesAsync();
        using TwinLakes lakes = new();
        await lakes.EmulateAsync("--rows", "2000", "--users", "100");
        await StepAsync(lakes, new PipelineRequest());
        await ForgetNamesAsync();
        await lakes.EmulateAsync("--rows", "2300");
        await StepAsync(lakes, new PipelineRequest());
        await StepAsync(lakes, new PipelineRequest { FullRefresh = true });
        Assert.Equal(await TwinLakes.ScalarAsync($"SELECT count(*) FROM {TwinLakes.Relation(lakes.OnSpark, "gold/daily_spend")}"), await ScalarAsync($"SELECT CAST(count(*) AS STRING) FROM {Catalog}.gold.daily_spend"));
        Assert.Equal("spark", (await new DeltaTable((await Lake.OpenAsync(lakes.OnSpark, Cancellation)).Store, "silver/transactions").GetSnapshotAsync(Cancellation)).Metadata.Configuration["lakelab.engine"]);

        (int code, string output, string words) = await LakelabProcess.RunAsync("audit", "--lake", lakes.OnSpark);
        Assert.True(code == 0, output + words);

        // The names are this lake's now.
        PipelineRequest other = new() { Select = "silver.device_logs", Spark = await TwinLakes.FindSparkAsync(catalog: Catalog) };
        Assert.Empty((await TwinLakes.RunAsync(lakes.Embedded, other with { Spark = null })).Failures);
        PipelineReport refused = await TwinLakes.RunAsync(lakes.Embedded, other with { TakesOver = true, FullRefresh = true });
        string failure = Assert.Single(refused.Failures);
        Assert.Contains($"{Catalog}.bronze.device_logs is the table at", failure, StringComparison.Ordinal);
        Assert.Contains($"{lakes.OnSpark}/bronze/device_logs", failure, StringComparison.Ordinal);
        Assert.Contains("not this lake's at file://" + lakes.Embedded, failure, StringComparison.Ordinal);
        await ForgetNamesAsync();
    }

    [Fact]
    public async Task Run_CatalogThatTheServerLacks_IsRefusedInOneSentence()
    {
        using TwinLakes lakes = new();
        PipelineRequest request = new() { Spark = await TwinLakes.FindSparkAsync(catalog: "nowhere") };
        ModelException refused = await Assert.ThrowsAsync<ModelException>(() => TwinLakes.RunAsync(lakes.OnSpark, request));
        Assert.StartsWith("--catalog nowhere: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("give one that the server's spark.sql.catalog.* settings declare", refused.Message, StringComparison.Ordinal);
    }

    private static async Task StepAsync(TwinLakes lakes, PipelineRequest request)
    {
        Assert.Empty((await lakes.RunEmbeddedAsync(request)).Failures);
        Assert.Empty((await lakes.RunSparkAsync(request, Catalog)).Failures);
        await lakes.AssertSameAsync(request.FullRefresh ? "full refresh" : "run");
    }

    // As a server that restarts does; their files stay.
    private static async Task ForgetNamesAsync()
    {
        await using SparkSession session = await SparkSession.OpenAsync((await TwinLakes.FindSparkAsync()).Connection, new SparkSessionOptions(), Cancellation);
        foreach (string layer in new[] { "bronze", "silver", "gold", "reference" })
        {
            (await session.ExecuteAsync($"DROP SCHEMA IF EXISTS {Catalog}.{layer} CASCADE", null, Cancellation)).Dispose();
        }
    }

    private static async Task<string?> ScalarAsync(string query)
    {
        await using SparkSession session = await SparkSession.OpenAsync((await TwinLakes.FindSparkAsync()).Connection, new SparkSessionOptions(), Cancellation);
        using SparkConnect.Results.SparkResult result = await session.QueryAsync(query, null, Cancellation);
        return (string?)result.Rows.Single()[0];
    }
}
