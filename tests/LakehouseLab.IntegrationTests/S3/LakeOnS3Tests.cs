using System.Text.Json;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.S3;

/// <summary>The whole way of a record with its lake in a bucket, by the program itself; Delta's own implementation reads the tables.</summary>
public sealed class LakeOnS3Tests
{
    private static readonly string[] s_tables = ["bronze/transactions", "silver/transactions", "silver/user_profiles", "gold/customer_360"];

    [Fact]
    public async Task Lakelab_LakeInABucket_DoesAllThatItDoesInAFolder()
    {
        await MinioServer.FindAsync();
        using TemporaryFolder cache = new();
        string lake = $"s3://{MinioServer.NewBucket()}/some/lake";
        ExternalProgram lakelab = new(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "lakelab.exe" : "lakelab"))
        {
            Variables = new Dictionary<string, string> { ["LAKELAB_LAKE"] = lake, ["LAKELAB_CACHE_FOLDER"] = cache.Path },
        };
        Assert.Contains("is empty", (await lakelab.RunAsync("pipeline", "run")).Words, StringComparison.Ordinal);
        await DoneAsync(lakelab, "emulate", "all", "--rows", "4k", "--max-chunk-size", "200KiB", "--users", "500");
        await DoneAsync(lakelab, "pipeline", "run");
        await DoneAsync(lakelab, "emulate", "all", "--rows", "6k", "--max-chunk-size", "200KiB");
        await DoneAsync(lakelab, "pipeline", "plan");
        await DoneAsync(lakelab, "pipeline", "run");
        await DoneAsync(lakelab, "audit");
        await DoneAsync(lakelab, "pipeline", "list");
        await DoneAsync(lakelab, "pipeline", "runs");
        await DoneAsync(lakelab, "tables");
        await DoneAsync(lakelab, "history", "silver.transactions");
        await DoneAsync(lakelab, "optimize", "bronze.transactions");
        await DoneAsync(lakelab, "vacuum");
        Assert.Equal(6_000, await CountAsync(lakelab, "silver.transactions"));

        long[] ours = await Task.WhenAll(s_tables.Select(table => CountAsync(lakelab, $"delta('{lake}/{table}')")));
        ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK");
        (int code, string output, string words) = await stack.RunAsync(
            ["sql", .. s_tables.Select(table => $"SELECT count(*) AS n FROM delta.`s3a{lake["s3".Length..]}/{table}`")]);
        Assert.True(code == 0, words);
        Assert.Equal(ours, output.Split('\n').Where(static line => line.StartsWith('{')).Select(NumberOf));

        // A second machine has nothing of the cache.
        using TemporaryFolder fresh = new();
        ExternalProgram elsewhere = lakelab with { Variables = new Dictionary<string, string> { ["LAKELAB_LAKE"] = lake, ["LAKELAB_CACHE_FOLDER"] = fresh.Path } };
        await DoneAsync(elsewhere, "audit");
    }

    private static async Task<string> DoneAsync(ExternalProgram lakelab, params string[] arguments)
    {
        (int code, string output, string words) = await lakelab.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: exit code {code}: {output}{words}");
        return output;
    }

    private static async Task<long> CountAsync(ExternalProgram lakelab, string table) =>
        NumberOf(await DoneAsync(lakelab, "query", $"SELECT count(*) AS n FROM {table}", "--format", "json"));

    private static long NumberOf(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("n").GetInt64();
    }
}
