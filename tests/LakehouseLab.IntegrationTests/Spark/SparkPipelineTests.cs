using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>The same models on Spark make the same tables, each row and column, and a table has one engine that writes it.</summary>
public sealed class SparkPipelineTests
{
    private const int Rows = 6_000;

    public SparkPipelineTests() => SparkTrials.Require();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_FirstRunIncrementsAndFullRefresh_MakesTheTablesOfTheEmbeddedEngine()
    {
        int increments = SparkTrials.Require() < SparkTrials.Long ? 2 : 5;
        using TwinLakes lakes = new();
        await lakes.EmulateAsync("--rows", Rows.ToString(CultureInfo.InvariantCulture), "--users", "300", "--labels", "inline");
        await PutOthersAsync(lakes, 0);
        await StepAsync(lakes, "first run");
        for (int step = 1; step <= increments; step++)
        {
            if (step is 1 or 4)
            {
                await lakes.EmulateAsync("--rows", (Rows + (500 * step)).ToString(CultureInfo.InvariantCulture));
            }

            await PutOthersAsync(lakes, step);
            await StepAsync(lakes, $"increment {step}");
        }

        await StepAsync(lakes, "full refresh", new PipelineRequest { FullRefresh = true });
        Assert.Equal(await AuditAsync(lakes.Embedded), await AuditAsync(lakes.OnSpark));
    }

    [Fact]
    public async Task Run_TableOfTheOtherEngine_IsReadAndIsWrittenOnlyOnceItIsTakenOver()
    {
        using TwinLakes lakes = new();
        await lakes.EmulateAsync("--rows", "500", "--users", "100");
        Assert.Empty((await lakes.RunEmbeddedAsync()).Failures);
        lakes.CopyBronze();

        // Silver is the embedded engine's, Gold is Spark's: each reads the other's table.
        const string Silver = "silver.transactions silver.transactions_daily";
        PipelineRequest gold = new() { Select = "gold.daily_spend", Spark = await TwinLakes.FindSparkAsync() };
        Assert.Empty((await TwinLakes.RunAsync(lakes.OnSpark, new PipelineRequest { Select = Silver })).Failures);
        Assert.Empty((await TwinLakes.RunAsync(lakes.OnSpark, gold)).Failures);
        Assert.Equal("0", await TwinLakes.ScalarAsync($"SELECT count(*) FROM (SELECT * FROM {TwinLakes.Relation(lakes.Embedded, "gold/daily_spend")} EXCEPT ALL SELECT * FROM {TwinLakes.Relation(lakes.OnSpark, "gold/daily_spend")})"));

        string refused = RefusalOf(await TwinLakes.RunAsync(lakes.OnSpark, gold with { Spark = null }), "gold.daily_spend");
        Assert.Contains("is written by engine 'spark', not 'duckdb': a table has one writing engine; run with --engine spark, or make duckdb its engine with --take-over", refused, StringComparison.Ordinal);
        refused = RefusalOf(await TwinLakes.RunAsync(lakes.OnSpark, gold with { Select = Silver }), "silver.transactions");
        Assert.Contains("is written by engine 'duckdb', not 'spark'", refused, StringComparison.Ordinal);

        PipelineRequest takeOver = new() { TakesOver = true, FullRefresh = true };
        Assert.Empty((await TwinLakes.RunAsync(lakes.OnSpark, takeOver with { Spark = gold.Spark })).Failures);
        await lakes.AssertSameAsync("taken over by Spark");
        Assert.Equal("spark", await EngineOfAsync(lakes.OnSpark, "silver/transactions"));
        await DoAsync("audit", "--lake", lakes.OnSpark);
        Assert.Empty((await TwinLakes.RunAsync(lakes.OnSpark, takeOver)).Failures);
        await lakes.AssertSameAsync("taken back");
        Assert.Equal("duckdb", await EngineOfAsync(lakes.OnSpark, "silver/transactions"));
        await DoAsync("audit", "--lake", lakes.OnSpark);
    }

    [Fact]
    public async Task Run_KilledBetweenItsTwoCommits_IsCompletedByTheNextOneExactlyOnce()
    {
        using TwinLakes lakes = new();
        await lakes.EmulateAsync("--rows", "500", "--users", "100");
        Assert.Empty((await lakes.RunEmbeddedAsync()).Failures);
        await lakes.RunSparkAsync(new PipelineRequest { Select = "silver.transactions" });
        await PutOthersAsync(lakes, 1);
        Assert.Empty((await lakes.RunEmbeddedAsync()).Failures);
        lakes.CopyBronze();

        long before = (await SnapshotOfAsync(lakes.OnSpark, "silver/quarantine")).Version;
        using LakelabProcess process = LakelabProcess.Start("pipeline", "run", "--engine", "spark", "--decode", "client", "--remote", (await TwinLakes.FindSparkAsync()).Connection.ToString(), "--lake", lakes.OnSpark);
        string commit = Path.Combine(lakes.OnSpark, string.Create(CultureInfo.InvariantCulture, $"silver/quarantine/_delta_log/{before + 1:D20}.json"));
        while (!File.Exists(commit) && !process.HasExited)
        {
            await Task.Delay(2, Cancellation);
        }

        await process.KillAsync();
        Assert.True(File.Exists(commit), (await process.EndAsync()).Words);
        Assert.Empty((await lakes.RunSparkAsync()).Failures);
        await lakes.AssertSameAsync("after the kill");
        PipelineReport again = await lakes.RunSparkAsync();
        Assert.All(again.Models, static model => Assert.Equal(ModelState.UpToDate, model.State));
    }

    [Theory]
    [InlineData(0.2, true)]
    [InlineData(0.9, false)]
    public async Task Run_ExpectationsWithThresholds_AreJudgedAsByTheEmbeddedEngine(double share, bool fails)
    {
        using TwinLakes lakes = new();
        await lakes.EmulateAsync("--rows", "500", "--users", "100");
        string threshold = share.ToString(CultureInfo.InvariantCulture);
        using TemporaryFolder project = new();
        Write("silver/transactions", $"materialization: incremental\nstrategy: append\nexpectations:\n  - {{name: even, check: user_id % 2 = 0, on_violation: quarantine, warn: 0.1, fail: {threshold}}}", "SELECT * FROM source('bronze.transactions')");
        Write("gold/own", $"materialization: table\nkey: [user_id]\ncolumns:\n  user_id: [BIGINT NOT NULL, u]\nexpectations:\n  - {{name: few, check: user_id % 3 = 0, on_violation: drop, warn: 0.1, fail: {threshold}}}", "SELECT DISTINCT user_id FROM ref('silver.device_logs')");
        PipelineRequest request = new() { Catalog = ProjectFolder.Load(project.Path, project.Path), Select = "silver.transactions silver.device_logs gold.own" };
        PipelineReport embedded = await lakes.RunEmbeddedAsync(request);
        PipelineReport spark = await lakes.RunSparkAsync(request);
        Assert.Equal(fails ? 2 : 0, spark.Failures.Count);
        Assert.Equal(embedded.Failures, spark.Failures);
        Assert.Equal(embedded.Models.SelectMany(static model => model.Warnings), spark.Models.SelectMany(static model => model.Warnings));
        Assert.Equal(!fails, spark.FoundWanting);
        foreach (string table in (string[])["silver/transactions", "silver/quarantine", "gold/own"])
        {
            Assert.Equal("0", await TwinLakes.ScalarAsync($"SELECT count(*) FROM (SELECT * FROM {TwinLakes.Relation(lakes.Embedded, table)} EXCEPT ALL SELECT * FROM {TwinLakes.Relation(lakes.OnSpark, table)})"));
            Assert.Equal(fails, await TwinLakes.ScalarAsync($"SELECT count(*) FROM {TwinLakes.Relation(lakes.OnSpark, table)}") == "0");
        }

        void Write(string model, string header, string sql)
        {
            string path = project.Combine($"{model}.sql");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, $"/*\ndescription: A test's.\n{header}\n*/\n{sql}\n");
        }
    }

    [Fact]
    public async Task Run_LakeOnS3_IsWholeAndLeavesNothingStaged()
    {
        await StackSystem.FindAsync("S3_ENDPOINT", "minio");
        string server = (await TwinLakes.FindSparkAsync()).Connection.ToString();
        string lake = $"s3://spark-{Guid.CreateVersion7():N}/a lake";
        await DoAsync("emulate", "all", "--rows", "500", "--users", "100", "--lake", lake);
        await DoAsync("pipeline", "run", "--engine", "spark", "--decode", "client", "--remote", server, "--lake", lake);
        await DoAsync("emulate", "all", "--rows", "600", "--lake", lake);
        await DoAsync("pipeline", "run", "--engine", "spark", "--decode", "client", "--remote", server, "--lake", lake);
        await DoAsync("audit", "--require-complete", "--lake", lake);
        Assert.Empty(await (await Lake.OpenAsync(lake, Cancellation)).Store.ListAsync(IObjectStore.Staging, Cancellation).ToListAsync(Cancellation));
    }

    private static async Task DoAsync(params string[] arguments)
    {
        (int code, string output, string words) = await LakelabProcess.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {words}{output}");
    }

    // The audit's verdicts and findings but for the names of data files: the others' records are unexpected in both lakes, and nothing else is.
    private static async Task<(int Code, string Findings)> AuditAsync(string lake)
    {
        (int code, string output, _) = await LakelabProcess.RunAsync("audit", "--lake", lake);
        return (code, string.Join('\n', output.Replace(lake, "lake", StringComparison.Ordinal).Split('\n').Where(static line => !line.Contains(".parquet", StringComparison.Ordinal) && !line.Contains(" s)", StringComparison.Ordinal))));
    }

    private static async Task StepAsync(TwinLakes lakes, string name, PipelineRequest? request = null)
    {
        PipelineReport embedded = await lakes.RunEmbeddedAsync(request);
        PipelineReport spark = await lakes.RunSparkAsync(request);
        Assert.Empty(embedded.Failures);
        Assert.True(spark.Failures.Count == 0, $"{name}: {string.Join("; ", spark.Failures)}");
        await lakes.AssertSameAsync(name);
        Assert.Equal(
            embedded.Models.Select(static model => (model.Table, model.RowsIn, model.Quarantined, model.Duplicates)),
            spark.Models.Select(static model => (model.Table, model.RowsIn, model.Quarantined, model.Duplicates)));
    }

    // Late rows, equal duplicates, conflicts, broken expectations and what no parser accepts.
    private static Task PutOthersAsync(TwinLakes lakes, int step)
    {
        List<string> lines = [];
        for (int number = 0; number < 20; number++)
        {
            lines.Add(Payment((step * 100) + number, number % 3, 10 + number, $"2025-{1 + ((step + number) % 12):D2}-1{number % 10}T0{number % 9}:00:00Z"));
        }

        if (step > 0)
        {
            lines.Add(Payment(((step - 1) * 100) + 1, 1, 11, $"2025-{1 + (step % 12):D2}-11T01:00:00Z"));
            lines.Add(Payment(((step - 1) * 100) + 2, 2, 999, "2026-01-05T01:00:00Z"));
        }

        lines.AddRange([lines[3], lines[4], lines[4].Replace("\"amount\":14", "\"amount\":15", StringComparison.Ordinal)]);
        lines.Add(Payment((step * 100) + 50, -1, 5, "2026-01-05T01:00:00Z"));
        lines.Add(Payment((step * 100) + 51, 1, -5, "2026-01-05T01:00:00Z"));
        lines.Add(Payment((step * 100) + 52, 1, 5, "2026-01-05T01:00:60Z"));
        lines.Add(Payment((step * 100) + 53, 1, 5, "0001-01-01T00:00:00Z"));
        lines.Add(Payment((step * 100) + 54, 1, 5, "9999-12-31T23:59:59.999999Z"));
        lines.AddRange(["", "{", "{\"a\":1,\"a\":2}", "\u0000", "it's \\ no \"JSON\" 'at all' \t\r", "null", "[]", "😀", new string('x', 100_000)]);
        return lakes.PutAsync($"raw/transaction/others-{step}.json", lines);
    }

    private static string Payment(int number, int user, int amount, string timestamp) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"transaction_id":"00000000-0000-0000-0000-{{number:D12}}","user_id":{{user + 1}},"amount":{{amount}},"currency":"EUR","merchant":"It's \\\"{{number % 4}}\" ü\n","timestamp":"{{timestamp}}","location":"Paris, FR","is_fraud":{{(number % 7 == 0 ? "true" : "false")}}}""");

    private static string RefusalOf(PipelineReport report, string table) => Assert.Single(report.Models, model => model.Table == table).Note!;

    private static async Task<string?> EngineOfAsync(string lake, string table) => (await SnapshotOfAsync(lake, table)).Metadata.Configuration.GetValueOrDefault("lakelab.engine");

    private static async Task<Snapshot> SnapshotOfAsync(string lake, string table) => await new DeltaTable((await Lake.OpenAsync(lake, Cancellation)).Store, table).GetSnapshotAsync(Cancellation);
}
