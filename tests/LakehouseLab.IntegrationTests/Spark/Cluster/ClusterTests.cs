using System.Globalization;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark.Cluster;

/// <summary>The pipeline on two workers: one that dies at its work, a task program that misbehaves, and credentials that nobody sees.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(typeof(SparkClusterTests))]
public sealed class ClusterTests(SparkCluster cluster)
{
    private static readonly string[] s_models = ["silver/transactions", "silver/transactions_daily", "gold/daily_spend"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WorkerKilledInDecodeAndInAGoldModel_GoesOnOnTheOther()
    {
        SparkTrials.Require();
        await cluster.StartAsync();
        using ClusterLakes lakes = new(cluster, onS3: false, s_models);
        await lakes.AddAsync(2_000);
        cluster.Program.Hold();
        using LakelabProcess silver = lakes.Start("workers", "silver.transactions");
        int worker = await cluster.Program.WaitForHeldAsync();
        await cluster.KillAsync(string.Create(CultureInfo.InvariantCulture, $"spark-worker-{worker}"));
        cluster.Program.Release();
        (int code, _, string words) = await silver.EndAsync();
        Assert.True(code == 0, words);

        await cluster.StartAsync();
        using LakelabProcess gold = lakes.Start("client");
        string begun = Path.Combine(lakes.OnSpark, "_lakelab/progress/gold.daily_spend");
        await Eventually.HoldsAsync(() => Task.FromResult(Directory.Exists(begun) || gold.HasExited));
        Assert.False(gold.HasExited);
        await cluster.KillAsync(string.Create(CultureInfo.InvariantCulture, $"spark-worker-{1 - worker}"));
        (code, _, words) = await gold.EndAsync();
        Assert.True(code == 0, words);
        await lakes.AssertCompleteAsync("after two workers were killed");
        await cluster.StartAsync();
    }

    [Fact]
    public async Task Run_TaskProgramThatMisbehaves_IsRefusedInOneSentenceAndNothingIsWritten()
    {
        SparkTrials.Require();
        const string Answers = "sed 's/{0}/{1}/'; exit; fi";
        await cluster.StartAsync();
        using ClusterLakes lakes = new(cluster, onS3: false, s_models);
        await lakes.AddAsync(500);
        string decode = $"if [ \"$1\" = decode ]; then {cluster.Program.Command} \"$@\" | ";
        (string Script, string Sentence)[] cases =
        [
            ("if [ \"$1\" = version ]; then cat > /dev/null; echo '{\"program\":\"lakelab-task\",\"version\":\"0.0.1\",\"fingerprint\":\"other\"}'; exit; fi", "lakelab-task on the workers is version 0.0.1, which decodes otherwise than this program"),
            ("exit 127", "does not run on the workers"),
            ("if [ \"$1\" = decode ]; then exit 0; fi", "lakelab-task answered 0 of 1 files: look into the workers' logs"),
            ("if [ \"$1\" = decode ]; then kill -9 $$; fi", "Subprocess exited with status 137"),
            (decode + string.Format(CultureInfo.InvariantCulture, Answers, "\"records\":[0-9]*", "\"records\":7"), "lakelab-task found 7 records in bronze/"),
            (decode + string.Format(CultureInfo.InvariantCulture, Answers, "\"output\":\"[^\"]*", "&.gone"), "does not exist"),
        ];
        foreach ((string script, string sentence) in cases)
        {
            cluster.Program.Behave(script);
            using LakelabProcess run = lakes.Start("workers", "silver.transactions");
            (int code, _, string words) = await run.EndAsync();
            Assert.NotEqual(0, code);
            Assert.Contains(sentence, words, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", words, StringComparison.Ordinal);
            Assert.Empty(lakes.DataFilesOf("silver"));
        }

        cluster.Program.Behave(null);
        await lakes.CompleteAsync("workers");
        await lakes.AssertCompleteAsync("after programs that misbehaved");
    }

    [Fact]
    public async Task Run_LakeOnS3WithTasksThatGetCredentialsWithTheSession_ShowsThemNowhere()
    {
        SparkTrials.Require();
        await cluster.StartAsync();
        cluster.Program.Behave(null);
        using ClusterLakes lakes = new(cluster, onS3: true, s_models);
        await lakes.AddAsync(500);
        using LakelabProcess run = lakes.Start("artifact");
        (int code, string output, string words) = await run.EndAsync();
        Assert.True(code == 0, words);
        await lakes.AssertCompleteAsync("on S3");

        Dictionary<string, string> texts = new() { ["answer"] = output, ["words"] = words };
        foreach (string page in new[] { "sql?details=true&planDescription=true&length=1000", "jobs", "stages", "environment", "allexecutors" })
        {
            texts[page] = await cluster.ReadAsync(page);
        }

        foreach (string log in Directory.EnumerateFiles(cluster.State, "*", SearchOption.AllDirectories).Where(static path => Path.GetFileName(path) is "log" or "stderr" or "stdout"))
        {
            texts[log] = await File.ReadAllTextAsync(log, Cancellation);
        }

        // The pages do show the commands of the tasks.
        Assert.Contains("lakelab-task.credentials", texts["sql?details=true&planDescription=true&length=1000"], StringComparison.Ordinal);
        Assert.All(texts, text => Assert.False(text.Value.Contains(cluster.Variables["AWS_SECRET_ACCESS_KEY"], StringComparison.Ordinal), text.Key));
    }
}
