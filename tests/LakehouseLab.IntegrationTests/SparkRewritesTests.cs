using System.Globalization;
using System.Text.Json;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Storage.Files;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests;

/// <summary>Delta's own implementation rewrites tables of ours between two runs, in its own spelling of paths: afterwards all readers count the same.</summary>
public sealed class SparkRewritesTests
{
    private static readonly string[] s_tables = ["silver/transactions", "silver/transactions_daily", "gold/daily_spend"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TablesThatSparkRewrote_AreCountedAlikeByAllReaders()
    {
        ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK");
        using TemporaryFolder folder = new();
        string lake = folder.Path;
        await DoneAsync("emulate", "transaction", "--rows", "3000", "--users", "100", "--lake", lake);
        await DoneAsync("pipeline", "run", "--lake", lake);

        string Of(string table) => $"delta.`{lake}/{table}`";
        await AlikeAsync(
            stack, lake,
            [
                .. s_tables.Select(table => $"OPTIMIZE {Of(table)} ZORDER BY (user_id)"),
                $"DELETE FROM {Of("silver/transactions_daily")} WHERE user_id % 10 = 3",
                $"UPDATE {Of("silver/transactions_daily")} SET user_id = user_id WHERE user_id % 10 = 4",
                $"MERGE INTO {Of("gold/daily_spend")} AS t USING (SELECT * FROM {Of("gold/daily_spend")} WHERE user_id % 10 < 5) AS s ON t.user_id = s.user_id AND t.day = s.day AND t.currency = s.currency WHEN MATCHED AND t.user_id % 10 = 2 THEN DELETE WHEN MATCHED THEN UPDATE SET *",
            ]);

        await DoneAsync("emulate", "transaction", "--rows", "400", "--first-row", "next", "--lake", lake);
        await DoneAsync("pipeline", "run", "--lake", lake);
        await AlikeAsync(stack, lake);

        // Our compaction, our checkpoints and our vacuum go on from there.
        await DoneAsync("optimize", "--lake", lake);
        foreach (string table in s_tables)
        {
            await CheckpointAsync(new DeltaTable(new FileSystemStore(lake), table));
        }

        await DoneAsync("vacuum", "--lake", lake);
        await AlikeAsync(stack, lake);

        // A full refresh brings back what Spark took away.
        await DoneAsync("pipeline", "run", "--full-refresh", "--lake", lake);
        await DoneAsync("audit", "--layers", "bronze,silver,gold", "--lake", lake);
    }

    // After Spark's statements: by Spark, by our engine over the files, and by the statistics in our snapshot.
    private static async Task AlikeAsync(ExternalProgram stack, string lake, params string[] statements)
    {
        string[] answers = await SparkAsync(stack, [.. statements, .. s_tables.Select(table => $"SELECT count(user_id) AS n FROM delta.`{lake}/{table}`")]);
        long[] spark = [.. answers.TakeLast(s_tables.Length).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt64())];
        List<long> ours = [];
        List<long?> told = [];
        foreach (string table in s_tables)
        {
            string answer = await DoneAsync("query", $"SELECT count(user_id) AS n FROM {table.Replace('/', '.')}", "--format", "csv", "--lake", lake);
            ours.Add(long.Parse(answer.Split('\n')[1], CultureInfo.InvariantCulture));
            told.Add((await new DeltaTable(new FileSystemStore(lake), table).GetSnapshotAsync(Cancellation)).Files.Sum(file => file.Rows));
        }

        Assert.Equal(spark, ours);
        Assert.Equal(spark.Select(count => (long?)count), told);
        Assert.All(spark, static count => Assert.True(count > 0));
    }

    private static async Task CheckpointAsync(DeltaTable table)
    {
        Snapshot snapshot;
        do
        {
            DeltaTransaction transaction = DeltaTransaction.Begin(table, await table.GetSnapshotAsync(Cancellation), TimeProvider.System);
            await transaction.CommitAsync("NOTHING", new Dictionary<string, string>(), Cancellation);
            snapshot = await table.GetSnapshotAsync(Cancellation);
        }
        while (snapshot.Version % DeltaTransaction.CheckpointInterval != 0);
    }

    private static async Task<string[]> SparkAsync(ExternalProgram stack, string[] statements)
    {
        (int code, string output, string words) = await stack.RunAsync(["sql", .. statements]);
        Assert.True(code == 0, words);
        return [.. output.Split('\n').Where(static line => line.StartsWith('{'))];
    }

    private static async Task<string> DoneAsync(params string[] arguments)
    {
        (int code, string output, string words) = await LakelabProcess.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {words}{output}");
        return output;
    }
}
